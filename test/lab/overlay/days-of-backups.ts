import type { Courses } from './course.ts'
import type { Rule } from './rule.ts'
import { elements, valueOf, withChild } from './xml.ts'

/**
 * Other days of backups come at once when they are asked for so, else as soon as AWS gets to it, whatever the window is (RDS User Guide, Settings for
 * modifying Multi-AZ DB clusters, Backup retention period); until then they are among the PendingModifiedValues. moto does it at once.
 */
export function daysOfBackups(courses: Courses): Rule {
  const all = new Map<string, { readonly days: string; readonly since: number }>()
  return {
    because: 'RDS User Guide, Backup retention period: “applied asynchronously, as soon as possible”',
    operations: ['rds:ModifyDBCluster', 'rds:DescribeDBClusters'],
    handle: async (call, next, ask) => {
      const { ms = 0 } = courses.of('days of backups')
      const { parameters } = call
      if (call.operation === 'ModifyDBCluster') {
        const name = parameters.get('DBClusterIdentifier')?.toLowerCase() ?? ''
        const days = parameters.get('BackupRetentionPeriod')
        if (days === null || ms === 0) return await next()
        if (parameters.get('ApplyImmediately') === 'true') {
          all.delete(name)
          return await next()
        }
        const rest = new URLSearchParams(parameters)
        rest.delete('BackupRetentionPeriod')
        const answer = await next({ ...call, parameters: rest, body: rest.toString() })
        if (answer.status === 200) all.set(name, { days, since: courses.now() })
        return answer
      }
      for (const [name, { days, since }] of all) {
        if (courses.now() < since + ms) continue
        all.delete(name)
        await ask({
          service: 'rds',
          parameters: {
            Action: 'ModifyDBCluster',
            DBClusterIdentifier: name,
            BackupRetentionPeriod: days,
            ApplyImmediately: 'true',
          },
        })
      }
      const answer = await next()
      const body = answer.body.replaceAll(/<DBCluster>([^]*?)<\/DBCluster>/g, (whole, item: string) => {
        const waiting = all.get(valueOf(item, 'DBClusterIdentifier') ?? '')
        if (waiting === undefined) return whole
        const others = elements(item, 'PendingModifiedValues').join('')
        const pending = `${others}<BackupRetentionPeriod>${waiting.days}</BackupRetentionPeriod>`
        return `<DBCluster>${withChild(item, 'PendingModifiedValues', pending)}</DBCluster>`
      })
      return { ...answer, body }
    },
    reset: () => all.clear(),
  }
}
