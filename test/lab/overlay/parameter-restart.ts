import { result, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/**
 * A cluster parameter group that is new to a cluster counts for a member after its restart; until then its status is pending-reboot (RDS API Reference,
 * RebootDBCluster; DBClusterMember, DBClusterParameterGroupStatus). For moto it counts at once, and it knows no RebootDBCluster.
 */
export function parameterRestart(): Rule {
  /** Members that work by a former group, by cluster. */
  const old = new Map<string, Set<string>>()
  return {
    because:
      'RDS API Reference, RebootDBCluster: “if you change the DB cluster parameter group … reboot the DB cluster”',
    operations: ['rds:ModifyDBCluster', 'rds:DescribeDBClusters', 'rds:RebootDBCluster', 'rds:RebootDBInstance'],
    handle: async ({ operation, parameters }, next, ask) => {
      const name = parameters.get('DBClusterIdentifier')?.toLowerCase() ?? ''
      const cluster = async (): Promise<string> => {
        const { body } = await ask({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } })
        const all = elements(elements(body, 'DBClusters').join(''), 'DBCluster')
        return all.find((one) => valueOf(one, 'DBClusterIdentifier') === name) ?? ''
      }
      if (operation === 'RebootDBCluster') {
        old.delete(name)
        return result(operation, `<DBCluster>${await cluster()}</DBCluster>`)
      }
      if (operation === 'RebootDBInstance') {
        const member = parameters.get('DBInstanceIdentifier') ?? ''
        for (const members of old.values()) members.delete(member)
        return await next()
      }
      if (operation === 'ModifyDBCluster') {
        const group = parameters.get('DBClusterParameterGroupName')
        const before = group === null ? '' : await cluster()
        const answer = await next()
        if (answer.status === 200 && group !== null && valueOf(before, 'DBClusterParameterGroup') !== group)
          old.set(name, new Set([...before.matchAll(/<DBInstanceIdentifier>([^<]+)</g)].map(([, id = '']) => id)))
        return answer
      }
      const answer = await next()
      const body = answer.body.replaceAll(/<DBClusterMember>[^]*?<\/DBClusterMember>/g, (member) =>
        [...old.values()].some((members) => members.has(valueOf(member, 'DBInstanceIdentifier') ?? ''))
          ? member.replace('>in-sync<', '>pending-reboot<')
          : member,
      )
      return { ...answer, body }
    },
    reset: () => old.clear(),
  }
}
