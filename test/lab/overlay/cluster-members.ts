import { result, type Rule } from './rule.ts'
import { append, elements, valueOf } from './xml.ts'

/** A Multi-AZ DB cluster has one writer and two readable standbys that AWS makes (RDS User Guide, Multi-AZ DB clusters); moto makes none. */
export function clusterMembers(): Rule {
  const writers = new Map<string, number>()
  return {
    because: 'RDS User Guide: a Multi-AZ DB cluster has a writer and two readers in three zones',
    operations: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'rds:FailoverDBCluster'],
    handle: async ({ operation, parameters }, next, ask) => {
      if (operation === 'DescribeDBClusters') {
        const answer = await next()
        const body = answer.body.replaceAll(/<DBCluster>[\s\S]*?<\/DBCluster>/g, (cluster) => {
          if (!isMultiAz(cluster)) return cluster
          const writer = writers.get(valueOf(cluster, 'DBClusterIdentifier') ?? '') ?? 1
          return append(
            cluster.replace('<MultiAZ>false<', '<MultiAZ>true<'),
            'DBClusterMembers',
            membersOf(cluster)
              .map(
                ({ name, index }) =>
                  `<DBClusterMember><DBInstanceIdentifier>${name}</DBInstanceIdentifier><IsClusterWriter>${index === writer}</IsClusterWriter><DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus><PromotionTier>1</PromotionTier></DBClusterMember>`,
              )
              .join(''),
          )
        })
        return { ...answer, body }
      }
      const { body: all } = await ask({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } })
      const clusters = elements(elements(all, 'DBClusters').join(''), 'DBCluster').filter(isMultiAz)
      if (operation === 'FailoverDBCluster') {
        const name = parameters.get('DBClusterIdentifier')?.toLowerCase() ?? ''
        const cluster = clusters.find((one) => valueOf(one, 'DBClusterIdentifier') === name)
        if (cluster === undefined) return await next()
        writers.set(name, ((writers.get(name) ?? 1) % 3) + 1)
        return result(operation, `<DBCluster>${cluster}</DBCluster>`)
      }
      const wanted = parameters.get('DBInstanceIdentifier')?.toLowerCase()
      const members = clusters.flatMap((cluster) => membersOf(cluster).map((member) => ({ ...member, cluster })))
      const own = members.filter(
        ({ name, cluster }) =>
          (wanted === undefined || name === wanted) &&
          passes(parameters, 'db-instance-id', name) &&
          passes(parameters, 'db-cluster-id', valueOf(cluster, 'DBClusterIdentifier') ?? ''),
      )
      const shown = own.map(({ name, zone, cluster }) => instance(name, zone, cluster)).join('')
      if (wanted !== undefined && own.length > 0) return result(operation, `<DBInstances>${shown}</DBInstances>`)
      const answer = await next()
      return answer.status === 200 && valueOf(answer.body, 'Marker') === undefined
        ? { ...answer, body: append(answer.body, 'DBInstances', shown) }
        : answer
    },
    reset: () => writers.clear(),
  }
}

function isMultiAz(cluster: string): boolean {
  return valueOf(cluster, 'DBClusterInstanceClass') !== undefined
}

function membersOf(
  cluster: string,
): readonly { readonly name: string; readonly index: number; readonly zone: string }[] {
  const zones = elements(elements(cluster, 'AvailabilityZones').join(''), 'AvailabilityZone')
  return [1, 2, 3].map((index) => ({
    name: `${valueOf(cluster, 'DBClusterIdentifier') ?? ''}-instance-${index}`,
    index,
    zone: zones[index - 1] ?? 'us-east-1a',
  }))
}

function passes(parameters: URLSearchParams, filter: string, value: string): boolean {
  for (const [key, name] of parameters) {
    const prefix = /^(Filters\.(?:Filter|member)\.\d+)\.Name$/.exec(key)?.[1]
    if (prefix === undefined || name !== filter) continue
    return [...parameters].some(([other, one]) => other.startsWith(`${prefix}.Values.`) && one.toLowerCase() === value)
  }
  return true
}

function instance(name: string, zone: string, cluster: string): string {
  const same = (element: string, as = element): string => `<${as}>${valueOf(cluster, element) ?? ''}</${as}>`
  const domain = valueOf(cluster, 'Endpoint')?.replace(/^[^.]+\.cluster-/, '') ?? 'us-east-1.rds.amazonaws.com'
  return `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier>${same('DBClusterInstanceClass', 'DBInstanceClass')}${['Engine', 'EngineVersion', 'MasterUsername', 'AllocatedStorage', 'StorageType', 'DBClusterIdentifier'].map((one) => same(one)).join('')}${same('Status', 'DBInstanceStatus')}<Endpoint><Address>${name}.${domain}</Address>${same('Port')}</Endpoint><AvailabilityZone>${zone}</AvailabilityZone><PromotionTier>1</PromotionTier></DBInstance>`
}
