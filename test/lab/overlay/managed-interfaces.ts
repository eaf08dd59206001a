import type { Answer, Question, Rule } from './rule.ts'
import { append, elements, valueOf } from './xml.ts'

type Ask = (question: Question) => Promise<Answer>

/** For how many looks the interfaces of a load balancer are still there when it is gone. */
const lingering = 2

/**
 * Load balancers and databases have network interfaces in their security groups, and those of a load balancer outlive it by
 * minutes (Elastic Load Balancing User Guide, Delete an ALB); moto has none. An instance that is terminated has none (EC2 User Guide,
 * DeleteOnTermination of the primary interface); moto keeps them.
 */
export function managedInterfaces(): Rule {
  let gone: { readonly text: string; looks: number }[] = []
  return {
    because: 'Elastic Load Balancing User Guide: requester-managed network interfaces',
    operations: ['ec2:DescribeNetworkInterfaces', 'elb:DeleteLoadBalancer'],
    handle: async ({ operation, parameters }, next, ask) => {
      if (operation === 'DeleteLoadBalancer') {
        const arn = parameters.get('LoadBalancerArn') ?? ''
        const before = (await balancers(ask)).filter((one) => valueOf(one, 'LoadBalancerArn') === arn)
        const answer = await next()
        if (answer.status === 200)
          gone.push(...before.flatMap((one) => ofBalancer(one).map((text) => ({ text, looks: lingering }))))
        return answer
      }
      const answer = await next()
      // by other filters only an instance's own interfaces are looked for
      const [filter] = [...parameters].filter(([key]) => /^Filter\.\d+\.Name$/.test(key))
      if (answer.status !== 200 || parameters.get('NetworkInterfaceId.1') !== null) return answer
      const element = { 'group-id': 'groupId', 'subnet-id': 'subnetId', 'vpc-id': 'vpcId' }[filter?.[1] ?? 'group-id']
      if (element === undefined) return answer
      const ids = [...parameters].filter(([key]) => /^Filter\.\d+\.Value\.\d+$/.test(key)).map(([, value]) => value)
      const asked = (text: string): boolean =>
        text !== '' && (ids.length === 0 || ids.some((id) => text.includes(`<${element}>${id}<`)))
      const own = [
        ...(await balancers(ask)).flatMap(ofBalancer),
        ...gone.map(({ text }) => text),
        ...(await clusters(ask)).map(ofCluster),
      ].filter(asked)
      // only who asks for them sees time pass
      gone = gone
        .map((one) => (asked(one.text) ? { ...one, looks: one.looks - 1 } : one))
        .filter(({ looks }) => looks > 0)
      const body = append(await withoutTerminated(answer.body, ask), 'networkInterfaceSet', own.join(''))
      return { ...answer, body }
    },
    reset: () => {
      gone = []
    },
  }
}

async function balancers(ask: Ask): Promise<readonly string[]> {
  const { body } = await ask({ service: 'elb', parameters: { Action: 'DescribeLoadBalancers' } })
  return elements(elements(body, 'LoadBalancers').join(''), 'member')
}

async function clusters(ask: Ask): Promise<readonly string[]> {
  const { body } = await ask({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } })
  return elements(elements(body, 'DBClusters').join(''), 'DBCluster')
}

async function withoutTerminated(body: string, ask: Ask): Promise<string> {
  const { body: instances } = await ask({
    service: 'ec2',
    parameters: {
      Action: 'DescribeInstances',
      'Filter.1.Name': 'instance-state-name',
      'Filter.1.Value.1': 'terminated',
    },
  })
  const dead = new Set([...instances.matchAll(/<instanceId>([^<]+)</g)].map(([, id]) => id))
  const items = elements(elements(body, 'networkInterfaceSet').join(''), 'item')
  return items
    .filter((item) => dead.has(valueOf(item, 'instanceId')))
    .reduce((text, item) => text.replace(`<item>${item}</item>`, ''), body)
}

/** One in each of its subnets. */
function ofBalancer(balancer: string): readonly string[] {
  const arn = valueOf(balancer, 'LoadBalancerArn') ?? ''
  const groups = elements(elements(balancer, 'SecurityGroups').join(''), 'member')
  const place = `<vpcId>${valueOf(balancer, 'VpcId')}</vpcId>`
  return elements(balancer, 'SubnetId').map((subnet, index) => {
    const name = `${arn.slice(-16)}${index === 0 ? '' : index}`
    const text = `ELB ${arn.replace(/.*loadbalancer\//, '')}`
    return item(name, text, 'amazon-elb', groups, `${place}<subnetId>${subnet}</subnetId>`)
  })
}

function ofCluster(cluster: string): string {
  const groups = [...cluster.matchAll(/<VpcSecurityGroupId>([^<]+)</g)].map(([, id = '']) => id)
  return item(valueOf(cluster, 'DBClusterIdentifier') ?? '', 'RDSNetworkInterface', 'amazon-rds', groups)
}

function item(name: string, description: string, requester: string, groups: readonly string[], place = ''): string {
  const set = groups.map((id) => `<item><groupId>${id}</groupId></item>`).join('')
  return `<item><networkInterfaceId>eni-${name}</networkInterfaceId><description>${description}</description><requesterId>${requester}</requesterId>${place}<requesterManaged>true</requesterManaged><status>in-use</status><groupSet>${set}</groupSet></item>`
}
