import { addHost } from '../inventory/static.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Values } from '../plan/unknown.ts'
import type { Unit } from './outcome.ts'
import type { Walk } from './walk.ts'

/** Puts the host that an object is (or will be) into its group, so that later plays find it. */
export function joinGroup(
  made: { walk: Walk; module: CloudModule; want: Values; unit: Unit },
  have: Found | undefined,
): void {
  const { walk, module, want } = made
  const host = module.host?.(want, have)
  if (!host) return
  addHost(walk.inventory, host)
  walk.madeHosts.add(host.name)
  if (have) walk.blankHosts.delete(host.name)
  else walk.blankHosts.add(host.name)
}
