import type { Change } from '../../../plan/change.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { Cluster } from './read.ts'

type Wanted = Readonly<Record<string, unknown>>

/** What waits for the window unless it is to be at once (RDS User Guide, Settings for modifying Multi-AZ DB clusters); all else is done at once, whatever is asked. */
export const windowed = ['version', 'class', 'storage'] as const

/** Whether a version is one of those meant: `8.4` is any 8.4.x. */
export function fits(wanted: string, version: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`)
}

/** What AWS will do in the window though it is not wanted any more: the wanted value has to be asked for again, or it is lost then. */
export function overtaken(wanted: Wanted, have: Cluster | undefined): Wanted {
  if (!have) return {}
  const { class: size, size: gib } = have.pendingValues
  const { size: wish } = isMap(wanted['storage']) ? wanted['storage'] : {}
  return {
    ...(size !== undefined && size !== have.class && wanted['class'] === have.class && { class: size }),
    ...(gib !== undefined && gib !== wish && wish === have.storage.size && { storage: { ...have.storage, size: gib } }),
  }
}

/**
 * Paths whose wanted value AWS has accepted and gets to later: in the window if it may wait for that, and days of backups as soon as it can, though
 * they are asked for at once (the same settings, Backup retention period: “applied asynchronously, as soon as possible”).
 */
export function awaited(
  wanted: Wanted,
  { pendingValues: pending, storage }: Cluster,
  later: boolean,
): readonly string[] {
  const { class: size, version, backup_days: days, storage: wish } = wanted
  const { size: gib, iops } = isMap(wish) ? wish : {}
  const held = {
    class: pending.class !== undefined && pending.class === size,
    version: pending.version !== undefined && typeof version === 'string' && fits(version, pending.version),
    storage:
      (pending.size !== undefined || pending.iops !== undefined) &&
      (pending.size ?? storage.size) === gib &&
      (iops === undefined || iops === storage.iops || pending.iops === iops),
  }
  const soon = pending.backupDays !== undefined && pending.backupDays === days
  return [
    ...Object.entries(held).flatMap(([path, so]) => (so && later ? [path] : [])),
    ...(soon ? ['backup_days'] : []),
  ]
}

/** The change with what is still to come of the cluster in words, be it asked for here or by somebody else. */
export function withPending(change: Change, waiting: readonly string[], have: Cluster, later: boolean): Change {
  const window = have.maintenanceWindow
  const paths = new Set([...waiting, ...change.fields.map((field) => field.path)])
  const others = Object.entries(foreign(have)).flatMap(([path, text]) => (paths.has(path) ? [] : [text]))
  const held = waiting.filter((path) => path !== 'backup_days')
  // ModifyDBCluster, ApplyImmediately: “the modifications in this request and any pending modifications”
  const along = change.action === 'update' && !later
  const said = [
    ...(held.length > 0 ? [`${held.join(', ')}: accepted, waits for the maintenance window ${window}`] : []),
    ...(waiting.includes('backup_days') ? ['backup_days: accepted, AWS gets to it by itself'] : []),
    ...(others.length > 0
      ? [
          along
            ? `AWS may do at once, too, what waits for the maintenance window: ${others.join(', ')}`
            : `AWS keeps for the maintenance window ${window}, not asked for here: ${others.join(', ')}`,
        ]
      : []),
    ...restartNeeded(have),
  ]
  if (said.length === 0) return change
  const interrupts = along && ['version', 'class'].some((path) => path in foreign(have) && !paths.has(path))
  const fields = interrupts
    ? change.fields.map((field) => (field.forces ? field : { ...field, disruption: 'failover' as const }))
    : change.fields
  return { ...change, fields, why: said.join('; '), ...(change.action === 'none' && { warns: true as const }) }
}

function foreign({
  pendingValues: { version, class: size, size: gib, iops },
}: Cluster): Readonly<Record<string, string>> {
  return {
    ...(version !== undefined && { version: `version ${version}` }),
    ...(size !== undefined && { class: `class ${size}` }),
    ...((gib !== undefined || iops !== undefined) && {
      storage: `storage ${[gib && `${gib} GiB`, iops && `${iops} IOPS`].filter(Boolean).join(', ')}`,
    }),
  }
}

/** A parameter group that is new to a cluster counts only after its members were restarted (RDS User Guide, parameter groups: pending-reboot). */
function restartNeeded({ name, topology, parameterGroup, members }: Cluster): readonly string[] {
  const old = members.filter(({ parameters }) => parameters === 'pending-reboot').map((member) => member.name)
  if (old.length === 0) return []
  const by =
    topology === 'aurora'
      ? `aws rds reboot-db-instance --db-instance-identifier ${old[0]}`
      : `aws rds reboot-db-cluster --db-cluster-identifier ${name}`
  return [`the parameter group ${parameterGroup} counts only after a restart of ${old.join(', ')}: ${by}`]
}
