import { AsyncLocalStorage } from 'node:async_hooks'
import type { MySqlConnection } from '@mikro-orm/mysql'

/** Where the statements of a piece of work go. Without one: to the writer. */
export interface Route {
  readonly to: 'writer' | 'readers'
  /** One reader that is known to have caught up, and no other. */
  readonly only?: MySqlConnection
}

const current = new AsyncLocalStorage<Route>()

/** Does the work with its statements sent there. */
export function routed<T>(route: Route, work: () => Promise<T>): Promise<T> {
  return current.run(route, work)
}

export function routeNow(): Route {
  return current.getStore() ?? { to: 'writer' }
}
