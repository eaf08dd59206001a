import { refusal, result, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/** Classes that RDS makes into Multi-AZ DB clusters: those with local disks, of which c6gd goes down to medium (RDS User Guide, instance class availability). */
const clustered = /^db\.(?:c6gd|m5d|m6gd|m6id|r5d|r6gd|r6id|x2iedn)\./
/** Where a class is not offered in all zones, as AWS has it with large and new ones. */
const scarce: Readonly<Record<string, readonly string[]>> = {
  'db.x2iedn.32xlarge': ['us-east-1a', 'us-east-1b'],
}
const everywhere = ['a', 'b', 'c', 'd'].map((letter) => `us-east-1${letter}`)

function zonesOf(size: string): readonly string[] {
  return scarce[size] ?? everywhere
}

/** Which classes can be had for which kind of cluster, and where (RDS API Reference, OrderableDBInstanceOption); moto lists none for MySQL. */
export function databaseOffers(): Rule {
  return {
    because: 'RDS API Reference, DescribeOrderableDBInstanceOptions: SupportsClusters, AvailabilityZones',
    operations: ['rds:DescribeOrderableDBInstanceOptions'],
    handle: async ({ operation, parameters }, next) => {
      const size = parameters.get('DBInstanceClass')
      const engine = parameters.get('Engine') ?? ''
      if (size === null || !/^(?:aurora-)?(?:mysql|postgres(?:ql)?)$/.test(engine)) return await next()
      const zones = zonesOf(size).map((zone) => `<AvailabilityZone><Name>${zone}</Name></AvailabilityZone>`)
      const offer = `<OrderableDBInstanceOption><Engine>${engine}</Engine><DBInstanceClass>${size}</DBInstanceClass><AvailabilityZones>${zones.join('')}</AvailabilityZones><SupportsClusters>${clustered.test(size)}</SupportsClusters></OrderableDBInstanceOption>`
      return result(operation, `<OrderableDBInstanceOptions>${offer}</OrderableDBInstanceOptions>`)
    },
  }
}

/**
 * A subnet group needs two zones, a Multi-AZ DB cluster three in which its class is offered (RDS User Guide, Multi-AZ DB clusters; API Reference:
 * DBSubnetGroupDoesNotCoverEnoughAZs; InvalidParameterCombination for a class that is not made into such clusters); moto makes anything.
 */
export function databaseZones(): Rule {
  return {
    because: 'RDS API Reference, CreateDBSubnetGroup and CreateDBCluster: DBSubnetGroupDoesNotCoverEnoughAZs',
    operations: ['rds:CreateDBSubnetGroup', 'rds:ModifyDBSubnetGroup', 'rds:CreateDBCluster', 'rds:ModifyDBCluster'],
    handle: async (call, next, ask) => {
      if (call.operation.endsWith('SubnetGroup')) {
        const ids = [...call.parameters].flatMap(([name, value]) => (name.startsWith('SubnetIds.') ? [value] : []))
        return (await zonesOfSubnets(ids, ask)).size < 2 ? tooFew(call, 'at least two') : await next()
      }
      const size = call.parameters.get('DBClusterInstanceClass')
      if (size === null) return await next()
      if (!clustered.test(size))
        return refusal(
          call,
          'InvalidParameterCombination',
          `RDS does not support creating a DB cluster with the following combination: DBClusterInstanceClass=${size}`,
        )
      const group = call.parameters.get('DBSubnetGroupName')
      const zones = group === null ? new Set(everywhere) : await zonesOfGroup(group, ask)
      return zonesOf(size).filter((zone) => zones.has(zone)).length < 3 ? tooFew(call, 'three') : await next()
    },
  }
}

function tooFew(call: Call, need: string): Answer {
  return refusal(
    call,
    'DBSubnetGroupDoesNotCoverEnoughAZs',
    `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: ${need} are needed.`,
  )
}

type Ask = (question: Question) => Promise<Answer>

async function zonesOfSubnets(ids: readonly string[], ask: Ask): Promise<ReadonlySet<string>> {
  const { body } = await ask({ service: 'ec2', parameters: { Action: 'DescribeSubnets' } })
  const own = elements(elements(body, 'subnetSet').join(''), 'item').filter((one) =>
    ids.includes(valueOf(one, 'subnetId') ?? ''),
  )
  return new Set(own.map((one) => valueOf(one, 'availabilityZone') ?? ''))
}

async function zonesOfGroup(name: string, ask: Ask): Promise<ReadonlySet<string>> {
  const { body } = await ask({
    service: 'rds',
    parameters: { Action: 'DescribeDBSubnetGroups', DBSubnetGroupName: name },
  })
  return new Set(elements(body, 'SubnetAvailabilityZone').flatMap((one) => elements(one, 'Name')))
}
