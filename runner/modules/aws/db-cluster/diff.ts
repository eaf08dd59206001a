import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { Unknown, isMap, known } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Cluster } from './read.ts'
import type { args } from './schema.ts'

type Want = Wanted<ArgsOf<typeof args>, 'name'>

/** What AWS normalises: lower-case names, a version that starts with the wanted one, storage that may have grown. */
export function diff(want: Want, have: Cluster | undefined): Change {
  const {
    engine = 'mysql',
    topology = 'multi_az',
    class: wantedClass,
    storage,
    subnet_group,
    security_groups,
    username,
    database,
    version,
  } = want
  if (have && typeof version === 'string') refuseDowngrade(version, have)
  const wanted = {
    engine,
    topology,
    version:
      version === undefined || (have && typeof version === 'string' && fits(version, have.version))
        ? undefined
        : version,
    class: wantedClass,
    readers: topology === 'aurora' ? (want.readers ?? 1) : undefined,
    storage: topology === 'aurora' ? undefined : storageOf(storage, have),
    subnet_group:
      subnet_group === undefined
        ? undefined
        : known(subnet_group, (name) => (typeof name === 'string' ? name.toLowerCase() : name)),
    security_groups,
    username,
    database,
    backup_days: want.backup_days ?? (have ? undefined : 7),
    deletion_protection: want.deletion_protection ?? true,
  }
  const there = have && {
    ...have,
    // of Aurora the engine can be written either way
    engine: engine === `aurora-${have.engine}` || have.engine === `aurora-${String(engine)}` ? engine : have.engine,
    subnet_group: have.subnetGroup.toLowerCase(),
    security_groups: have.securityGroups,
    backup_days: have.backupDays,
    deletion_protection: have.deletionProtection,
  }
  return compare(wanted, there, {
    sets: ['security_groups'],
    replace: ['engine', 'topology', 'subnet_group', 'username', 'database'],
  })
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

/** Whether the version that runs is one of those meant: `8.4` is any 8.4.x. */
function fits(wanted: string, version: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`)
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
