import { taggedInstances, type InstanceHost } from '../connections/aws-instances.ts'
import type { World } from '../engine/walk.ts'
import type { EventBody } from '../engine/event.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { addHost } from '../inventory/static.ts'

/** Asks AWS for the members of the groups that say `from:`, once a run; gives what puts them into an inventory. */
export async function askedHosts(
  inventory: Inventory,
  offline: boolean,
  world: World,
  emit: (event: EventBody) => void,
): Promise<(inventory: Inventory) => Inventory> {
  const queries = [...inventory.groups].flatMap(([group, { from }]) => (from ? [{ group, from }] : []))
  if (offline && queries.length > 0)
    emit({
      type: 'diagnostic',
      diagnostic: {
        severity: 'warning',
        code: 'W131',
        message: `with --offline AWS is not asked which hosts are in ${queries.map(({ group }) => group).join(', ')}: they are not known`,
        hint: 'what would be done on them is not in this plan',
      },
    })
  const found = offline
    ? []
    : await Promise.all(
        queries.map(async ({ group, from }): Promise<{ group: string; hosts: readonly InstanceHost[] }> => {
          const cloud = await world.cloud(from.aws, { name: `hosts of ${group}`, status: () => undefined })
          return { group, hosts: await taggedInstances(cloud, from) }
        }),
      )
  return (fresh) => {
    for (const { group, hosts } of found) {
      for (const host of hosts) addHost(fresh, { ...host, group })
      const whole = fresh.groups.get(group)
      if (whole) fresh.groups.set(group, { ...whole, asked: true })
    }
    return fresh
  }
}
