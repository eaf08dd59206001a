import { addHost } from '../inventory/static.ts'
import type { Cloud } from '../connections/cloud.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Values } from '../plan/unknown.ts'
import type { Unit } from './outcome.ts'
import type { Walk } from './walk.ts'

/** Puts the host that an object is (or will be) into its group, so that later plays find it. */
export function joinGroup(
  made: { walk: Walk; module: CloudModule; want: Values; unit: Unit; cloud: Cloud },
  have: Found | undefined,
): void {
  const { walk, module, want, unit } = made
  const host = module.host?.(want, have)
  if (!host) return
  addHost(walk.inventory, host)
  walk.madeHosts.set(host.name, unit.id)
  if (have && module.hostKeys) walk.hostKeys.set(host.name, () => module.hostKeys?.(have, made.cloud) ?? nothing)
  if (have) walk.blankHosts.delete(host.name)
  else walk.blankHosts.add(host.name)
}

const nothing: Promise<undefined> = Promise.resolve(undefined)

/** The keys that AWS vouches for, of a host that was never connected to; asked once. */
export async function vouchedKeys(walk: Walk, host: string, pinAs: string): Promise<readonly string[] | undefined> {
  const ask = walk.hostKeys.get(host)
  if (!ask || walk.world.pinned(pinAs)) return undefined
  const asking = ask()
  walk.hostKeys.set(host, () => asking)
  const keys = await asking
  if (!keys && !walk.unvouched.has(host)) {
    walk.unvouched.add(host)
    walk.emit({
      type: 'notice',
      where: host,
      text: 'its console does not say its host keys: the first key it shows is taken',
    })
  }
  return keys
}
