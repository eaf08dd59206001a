import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { Unknown, isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { awaited, fits, overtaken, windowed, withPending } from './pending.ts'
import type { Cluster } from './read.ts'
import type { args } from './schema.ts'

type Want = Wanted<ArgsOf<typeof args>, 'name'>

/** What AWS normalises: lower-case names, a version that starts with the wanted one, storage that may have grown. */
export function diff(want: Want, have: Cluster | undefined): Change {
  refuse(want)
  const { version, subnet_group, topology = 'multi_az' } = want
  if (have && typeof version === 'string') refuseDowngrade(version, have)
  const aurora = topology === 'aurora'
  const wanted: Record<string, unknown> = {
    engine: want.engine ?? 'mysql',
    topology,
    version:
      version === undefined || (have && typeof version === 'string' && fits(version, have.version))
        ? undefined
        : version,
    class: want.class,
    serverless: want.serverless,
    // from then on their number is the policy's
    readers: aurora && !(have && want.reader_scaling) ? (want.readers ?? 1) : undefined,
    reader_scaling: scalingOf(want),
    storage: aurora ? undefined : storageOf(want.storage, have),
    subnet_group: lower(subnet_group),
    security_groups: want.security_groups,
    username: want.username,
    database: want.database,
    backup_days: want.backup_days ?? (have ? undefined : 7),
    backup_window: lower(want.backup_window),
    maintenance_window: lower(want.maintenance_window),
    require_tls: want.require_tls ?? true,
    deletion_protection: want.deletion_protection ?? true,
  }
  const there = have && {
    ...have,
    // of Aurora the engine can be written either way
    engine:
      wanted['engine'] === `aurora-${have.engine}` || have.engine === `aurora-${String(wanted['engine'])}`
        ? wanted['engine']
        : have.engine,
    subnet_group: have.subnetGroup.toLowerCase(),
    security_groups: have.securityGroups,
    reader_scaling: have.readerScaling,
    backup_days: have.backupDays,
    backup_window: have.backupWindow,
    maintenance_window: have.maintenanceWindow,
    require_tls: have.requireTls,
    deletion_protection: have.deletionProtection,
  }
  const later = want.apply_immediately === false
  const waiting = have ? awaited(wanted, have, later) : []
  for (const path of waiting) wanted[path] = undefined
  const change = compare(wanted, there && { ...there, ...overtaken(wanted, have) }, {
    sets: ['security_groups'],
    replace: ['engine', 'topology', 'subnet_group', 'username', 'database'],
    ...(later && { disruption: Object.fromEntries(windowed.map((path) => [path, 'window'] as const)) }),
  })
  return have ? withPending(change, waiting, have, later) : change
}

function lower(text: unknown): unknown {
  return typeof text === 'string' ? text.toLowerCase() : text
}

function scalingOf({ reader_scaling: wish }: Want): unknown {
  return isMap(wish) ? { ...wish, target_cpu: wish.target_cpu ?? 60 } : wish
}

/** What AWS would refuse at the very end of a long wait. */
function refuse({ topology = 'multi_az', class: size, serverless, reader_scaling, engine }: Want): void {
  const say = (message: string, hint: string) => failure('E791', message, { hint })
  if (topology === 'multi_az') {
    if (size === 'db.serverless' || serverless !== undefined)
      throw say('a Multi-AZ cluster is never serverless', 'write topology: aurora, or a class such as db.c6gd.medium')
    if (reader_scaling !== undefined)
      throw say('a Multi-AZ cluster has two readers, always', 'write topology: aurora, or leave reader_scaling out')
    if (typeof engine === 'string' && engine.startsWith('aurora'))
      throw say(`a Multi-AZ cluster is not of ${engine}`, 'write topology: aurora')
  }
  if (size === 'db.serverless' && serverless === undefined)
    throw say('the class db.serverless needs `serverless`', 'for example serverless: { min: 0.5, max: 8 }')
  if (isMap(reader_scaling) && Number(reader_scaling.min) > Number(reader_scaling.max))
    throw say('reader_scaling has a min above its max', 'raise max or lower min')
}

/** AWS updates minor versions by itself, and never goes back. */
function refuseDowngrade(wanted: string, have: Cluster): void {
  if (fits(wanted, have.version)) return
  const there = have.version.split('.').map(Number)
  for (const [index, text] of wanted.split('.').entries()) {
    const [one, other] = [Number(text), there[index] ?? 0]
    if (Number.isNaN(one) || Number.isNaN(other) || one > other) return
    if (one < other)
      throw failure('E752', `${have.name} runs ${have.version}, and AWS does not go back to ${wanted}`, {
        hint: `write version: "${there.slice(0, 2).join('.')}", which is any of that line`,
      })
  }
}

function storageOf(storage: Want['storage'], have: Cluster | undefined): unknown {
  if (storage === undefined || storage instanceof Unknown || !isMap(storage)) return storage
  const { size, type = 'gp3', iops } = storage as { size: number | Unknown; type?: unknown; iops?: unknown }
  if (have && typeof size === 'number' && size < have.storage.size) {
    throw failure('E752', `the storage of ${have.name} is ${have.storage.size} GiB and cannot shrink to ${size}`, {
      hint: `write at least size: ${have.storage.size}`,
    })
  }
  return { size, type, iops: iops ?? (have ? have.storage.iops : undefined) }
}
