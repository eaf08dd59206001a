import type { Place } from '../connections/connection.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { reachHost } from '../inventory/static.ts'
import type { Play } from '../language/program.ts'

/** How a play reaches a host, as the inventory says. */
export function placeFor(play: Play, inventory: Inventory, name: string): Place {
  const { address, port, user, identity, pinAs, connection } = reachHost(inventory, name)
  const local = play.connection === 'local' || connection === 'local' || name === 'localhost'
  return {
    name,
    connection: local ? 'local' : 'ssh',
    ...(address !== undefined && { address }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(identity !== undefined && { identity }),
    ...(pinAs !== undefined && { pinAs }),
  }
}
