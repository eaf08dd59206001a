import type { Listing } from './life.ts'
import { jsonList, xmlList } from './listing.ts'
import type { Answer, Call } from './rule.ts'
import { childOf, valueOf } from './xml.ts'

type Sight = (call: Call, next: () => Promise<Answer>) => Promise<Answer>

/** Where new things show up, and the child of an item that names it. */
const seenIn: Readonly<Record<string, readonly [listing: Listing, id: string]>> = {
  'ec2:DescribeSecurityGroups': [xmlList('securityGroupInfo', 'item'), 'groupId'],
  'ec2:DescribeInstances': [xmlList('instancesSet', 'item'), 'instanceId'],
  'ec2:DescribeImages': [xmlList('imagesSet', 'item'), 'imageId'],
  'ec2:DescribeLaunchTemplates': [xmlList('launchTemplates', 'item'), 'launchTemplateId'],
  'ec2:DescribeKeyPairs': [xmlList('keySet', 'item'), 'keyPairId'],
  'ec2:DescribeVpcs': [xmlList('vpcSet', 'item'), 'vpcId'],
  'ec2:DescribeSubnets': [xmlList('subnetSet', 'item'), 'subnetId'],
  'ec2:DescribeRouteTables': [xmlList('routeTableSet', 'item'), 'routeTableId'],
  'ec2:DescribeInternetGateways': [xmlList('internetGatewaySet', 'item'), 'internetGatewayId'],
  'ec2:DescribeNatGateways': [xmlList('natGatewaySet', 'item'), 'natGatewayId'],
  'ec2:DescribeAddresses': [xmlList('addressesSet', 'item'), 'allocationId'],
  'rds:DescribeDBClusters': [xmlList('DBClusters', 'DBCluster'), 'DbClusterResourceId'],
  'elb:DescribeLoadBalancers': [xmlList('LoadBalancers', 'member'), 'LoadBalancerArn'],
  'elb:DescribeTargetGroups': [xmlList('TargetGroups', 'member'), 'TargetGroupArn'],
  'efs:DescribeFileSystems': [jsonList('FileSystems'), 'FileSystemId'],
}

/** EC2 Developer Guide, Eventual consistency: what was just made may not be seen for some looks. */
export function hideNew(of: RegExp, looks: number, happened: () => void): Sight {
  const hidden = new Map<string, number>()
  return async (call, next) => {
    const name = `${call.service}:${call.operation}`
    const answer = await next()
    if (answer.status >= 300) return answer
    if (of.test(name)) for (const id of idsIn(name, answer.body)) if (!hidden.has(id)) hidden.set(id, looks)
    const [listing, child] = seenIn[name] ?? []
    if (!listing || child === undefined) return answer
    const shown = (item: string): string | undefined => {
      const id = item.startsWith('{')
        ? String((JSON.parse(item) as Record<string, unknown>)[child])
        : (childOf(item, child) ?? '')
      const left = hidden.get(id) ?? 0
      if (left <= 0) return item
      hidden.set(id, left - 1)
      happened()
      return undefined
    }
    return { ...answer, body: listing.changed(answer.body, shown, []) }
  }
}

/** Of what lies in other things whose ids stand in the answer, too. */
const idOf: Readonly<Record<string, string>> = {
  'ec2:CreateVpc': 'vpcId',
  'ec2:CreateSubnet': 'subnetId',
  'ec2:CreateRouteTable': 'routeTableId',
  'ec2:CreateInternetGateway': 'internetGatewayId',
  'ec2:CreateNatGateway': 'natGatewayId',
  'ec2:AllocateAddress': 'allocationId',
}

/** The id of what a create answers: the first of its kind in the answer. */
function idsIn(name: string, body: string): readonly string[] {
  const element = idOf[name]
  if (element !== undefined) return [valueOf(body, element) ?? []].flat()
  const pattern =
    /<(?:groupId|instanceId|imageId|launchTemplateId|keyPairId|DbClusterResourceId|LoadBalancerArn|TargetGroupArn)>([^<]+)<|"FileSystemId":\s*"([^"]+)"/
  const found = pattern.exec(body)
  return [found?.[1] ?? found?.[2] ?? []].flat()
}

/** After a write the next looks of the same service may show what was before. */
export function keepStale(of: RegExp, looks: number, happened: () => void): Sight {
  const before = new Map<string, Answer>()
  const left = new Map<string, number>()
  return async (call, next) => {
    const { service, operation } = call
    if (!operation.startsWith('Describe')) {
      const answer = await next()
      if (of.test(`${service}:${operation}`) && answer.status < 300)
        for (const key of before.keys()) if (key.startsWith(`${service}:`)) left.set(key, looks)
      return answer
    }
    const key = `${service}:${operation} ${call.path} ${call.body}`
    const old = before.get(key)
    const still = left.get(key) ?? 0
    if (old && still > 0) {
      left.set(key, still - 1)
      happened()
      return old
    }
    const answer = await next()
    if (answer.status < 300) before.set(key, answer)
    return answer
  }
}
