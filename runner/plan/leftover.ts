/** Something in AWS that a destroy has left. */
export interface Leftover {
  /** `security group`, `snapshot`. */
  readonly kind: string
  /** Id or ARN. */
  readonly id: string
  /** Why it is still there: who holds it, or that it is kept on purpose. */
  readonly why: string
  /** What mends it. */
  readonly command: string
  /** True: it was meant to stay (a last snapshot). */
  readonly kept?: true
}

interface Rule {
  readonly kind: string
  readonly command: (id: string, arn: string) => string
  readonly kept?: true
}

/** By `service:type` of an ARN, what no module makes as such, and the command of AWS's CLI that deletes it. */
const rules: Readonly<Record<string, Rule>> = {
  'ec2:volume': { kind: 'volume', command: (id) => `aws ec2 delete-volume --volume-id ${id}` },
  'ec2:snapshot': { kind: 'snapshot', command: (id) => `aws ec2 delete-snapshot --snapshot-id ${id}` },
  'ec2:network-interface': {
    kind: 'network interface',
    command: (id) => `aws ec2 delete-network-interface --network-interface-id ${id}`,
  },
  'ec2:subnet': { kind: 'subnet', command: (id) => `aws ec2 delete-subnet --subnet-id ${id}` },
  'ec2:route-table': { kind: 'route table', command: (id) => `aws ec2 delete-route-table --route-table-id ${id}` },
  'ec2:natgateway': { kind: 'NAT gateway', command: (id) => `aws ec2 delete-nat-gateway --nat-gateway-id ${id}` },
  'ec2:vpc-endpoint': {
    kind: 'VPC endpoint',
    command: (id) => `aws ec2 delete-vpc-endpoints --vpc-endpoint-ids ${id}`,
  },
  'rds:cluster-snapshot': {
    kind: 'snapshot of a database',
    command: (id) => `aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier ${id}`,
    kept: true,
  },
  'rds:snapshot': {
    kind: 'snapshot of a database',
    command: (id) => `aws rds delete-db-snapshot --db-snapshot-identifier ${id}`,
    kept: true,
  },
}

/** Types of which modules list what they own: their word counts, the index of tags lags behind it. */
const listed =
  /^(ec2:(instance|security-group|image|key-pair|launch-template|elastic-ip|vpc|internet-gateway)|elasticloadbalancing:.*|rds:(cluster|subgrp|db|cluster-pg|pg)|elasticfilesystem:.*|autoscaling:.*|acm:.*|iam:.*)$/

/** Types that AWS is asked for, too, before they are said to be there. */
const verified = /^ec2:(volume|snapshot|subnet|route-table|natgateway|vpc-endpoint)$/

/** What AWS's index of tags says of things that no module lists; `there`: what of the verified types really is. */
export function leftoversOf(arns: readonly string[], there: ReadonlySet<string>): readonly Leftover[] {
  return arns.flatMap((arn): Leftover[] => {
    const [, , service = '', , , ...rest] = arn.split(':')
    const [type = '', ...names] = rest.join(':').split(/[:/]/)
    const id = names.join(':')
    const key = `${service}:${type}`
    if (listed.test(key)) return []
    if (verified.test(key) && !there.has(id)) return []
    const rule = rules[key]
    if (rule) {
      // the name of a snapshot that AWS takes by itself begins so (RDS User Guide, automated backups)
      const automatic = id.startsWith('rds:')
      const why = automatic
        ? 'taken by AWS, which deletes it when its days are over'
        : rule.kept
          ? 'kept on purpose: final_snapshot'
          : 'it carries the tag of this playbook'
      return [{ kind: rule.kind, id, why, command: rule.command(id, arn), ...(rule.kept && { kept: true as const }) }]
    }
    return [
      {
        kind: key,
        id: arn,
        why: 'AWS’s index of tags names it; it may lag by minutes',
        command: `aws resourcegroupstaggingapi get-resources --resource-arn-list ${arn}`,
      },
    ]
  })
}
