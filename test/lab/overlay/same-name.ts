import { refusal, result, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/** What is made twice under one name is refused (the errors of these operations in AWS's API references); moto makes a second one. */
const refused: Readonly<Record<string, Refused>> = {
  'rds:CreateDBCluster': {
    parameter: 'DBClusterIdentifier',
    code: 'DBClusterAlreadyExistsFault',
    list: ['DescribeDBClusters', 'DBClusters', 'DBCluster'],
    id: 'DBClusterIdentifier',
  },
  'rds:CreateDBSubnetGroup': {
    parameter: 'DBSubnetGroupName',
    code: 'DBSubnetGroupAlreadyExists',
    list: ['DescribeDBSubnetGroups', 'DBSubnetGroups', 'DBSubnetGroup'],
    id: 'DBSubnetGroupName',
  },
  'autoscaling:CreateAutoScalingGroup': {
    parameter: 'AutoScalingGroupName',
    code: 'AlreadyExists',
    list: ['DescribeAutoScalingGroups', 'AutoScalingGroups', 'member'],
    id: 'AutoScalingGroupName',
    exact: true,
  },
  'ec2:CreateImage': {
    parameter: 'Name',
    code: 'InvalidAMIName.Duplicate',
    list: ['DescribeImages', 'imagesSet', 'item'],
    id: 'name',
    exact: true,
    own: ['Owner.1', 'self'],
  },
  // names of groups differ by more than case (EC2 API Reference, CreateSecurityGroup)
  'ec2:CreateSecurityGroup': {
    parameter: 'GroupName',
    code: 'InvalidGroup.Duplicate',
    list: ['DescribeSecurityGroups', 'securityGroupInfo', 'item'],
    id: 'groupName',
    within: ['VpcId', 'vpcId'],
  },
}

interface Refused {
  readonly parameter: string
  readonly code: string
  readonly list: readonly [action: string, list: string, item: string]
  readonly id: string
  readonly exact?: true
  readonly own?: readonly [parameter: string, value: string]
  readonly within?: readonly [parameter: string, element: string]
}

export function sameName(): Rule {
  return {
    because: 'API references of EC2, RDS, Auto Scaling: …AlreadyExists, …Duplicate',
    operations: Object.keys(refused),
    handle: async (call, next, ask) => {
      const { parameter, code, list, id, exact, within, own } = refused[`${call.service}:${call.operation}`] as Refused
      const name = call.parameters.get(parameter) ?? ''
      const equal = (one = ''): boolean => (exact ? one === name : one.toLowerCase() === name.toLowerCase())
      const [action, set, item] = list
      const { body } = await ask({
        service: call.service,
        parameters: { Action: action, ...(own && { [own[0]]: own[1] }) },
      })
      const there = elements(elements(body, set).join(''), item).some(
        (one) =>
          elements(one, id).some((text) => equal(text)) &&
          (!within || [null, valueOf(one, within[1])].includes(call.parameters.get(within[0]))),
      )
      return there ? refusal(call, code, `${name} already exists`) : await next()
    },
  }
}

/**
 * The load balancer, its listeners and target groups are made once: the same settings give the same thing, others are refused
 * (Elastic Load Balancing API Reference: “This operation is idempotent”); moto makes a second balancer and a second listener.
 */
export function sameBalancer(): Rule {
  const made = new Map<string, { readonly asked: string; readonly arn: string }>()
  return {
    because: 'ELB API Reference, CreateLoadBalancer, CreateListener, CreateTargetGroup: idempotent, or Duplicate…',
    operations: ['elb:CreateLoadBalancer', 'elb:CreateListener', 'elb:CreateTargetGroup'],
    handle: async (call, next, ask) => {
      const kind = call.operation.slice('Create'.length)
      const { parameters } = call
      const name = parameters.get('Name') ?? `${parameters.get('LoadBalancerArn')} ${parameters.get('Port')}`
      const asked = [...parameters]
        .map(String)
        .filter((pair) => !pair.startsWith('Tags.'))
        .toSorted()
        .join()
      const before = made.get(`${kind} ${name}`)
      const item = before && (await described(kind, before.arn, ask))
      if (before && item !== undefined)
        return before.asked === asked
          ? result(call.operation, `<${kind}s><member>${item}</member></${kind}s>`)
          : refusal(call, kind === 'Listener' ? 'DuplicateListener' : `Duplicate${kind}Name`, `${name} already exists`)
      const answer = await next()
      const arn = valueOf(answer.body, `${kind}Arn`)
      if (answer.status === 200 && arn !== undefined) made.set(`${kind} ${name}`, { asked, arn })
      return answer
    },
    reset: () => made.clear(),
  }
}

async function described(
  kind: string,
  arn: string,
  ask: (question: Question) => Promise<Answer>,
): Promise<string | undefined> {
  const { status, body } = await ask({
    service: 'elb',
    parameters: { Action: `Describe${kind}s`, [`${kind}Arns.member.1`]: arn },
  })
  return status === 200 ? elements(elements(body, `${kind}s`).join(''), 'member')[0] : undefined
}

/** Deletion protection holds (ELB and RDS API References: OperationNotPermitted, InvalidParameterCombination); moto deletes all the same. */
export function deletionProtection(): Rule {
  return {
    because: 'ELB User Guide, Deletion protection; RDS User Guide, the same: the delete is refused',
    operations: ['elb:DeleteLoadBalancer', 'rds:DeleteDBCluster'],
    handle: async (call, next, ask) => {
      if (call.service === 'rds') return (await protectedCluster(call, ask)) ?? (await next())
      const { body } = await ask({
        service: 'elb',
        parameters: {
          Action: 'DescribeLoadBalancerAttributes',
          LoadBalancerArn: call.parameters.get('LoadBalancerArn') ?? '',
        },
      })
      const on = elements(elements(body, 'Attributes').join(''), 'member').some(
        (one) => valueOf(one, 'Key') === 'deletion_protection.enabled' && valueOf(one, 'Value') === 'true',
      )
      return on ? refusal(call, 'OperationNotPermitted', 'deletion protection is enabled') : await next()
    },
  }
}

async function protectedCluster(call: Call, ask: (question: Question) => Promise<Answer>): Promise<Answer | undefined> {
  const name = call.parameters.get('DBClusterIdentifier')?.toLowerCase()
  const { body } = await ask({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } })
  const cluster = elements(elements(body, 'DBClusters').join(''), 'DBCluster').find(
    (one) => valueOf(one, 'DBClusterIdentifier') === name,
  )
  if (cluster !== undefined && valueOf(cluster, 'DeletionProtection') === 'true')
    return refusal(
      call,
      'InvalidParameterCombination',
      'Cannot delete protected Cluster, please disable deletion protection',
    )
  const snapshot = call.parameters.get('FinalDBSnapshotIdentifier')
  if (cluster !== undefined && (call.parameters.get('SkipFinalSnapshot') === 'true') === (snapshot !== null))
    return refusal(
      call,
      'InvalidParameterCombination',
      'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified',
    )
  return undefined
}
