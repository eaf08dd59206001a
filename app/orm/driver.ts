import type { Configuration, ConnectionType } from '@mikro-orm/core'
import { MySqlDriver, type MySqlConnection } from '@mikro-orm/mysql'
import { ReaderConnection, WatchedConnection } from './connections.ts'
import { routeNow } from './routes.ts'

/**
 * MikroORM's driver picks any replica at random, up or down. This one sends a statement where the work's route says, to a reader that
 * is up and not too far behind, or to the writer.
 */
export class RoutedDriver extends MySqlDriver {
  readonly writer: WatchedConnection
  readonly readers: readonly ReaderConnection[]

  constructor(config: Configuration) {
    super(config)
    this.writer = new WatchedConnection(config)
    this.readers = this.createReplicas((options) => new ReaderConnection(config, options, 'read')) as ReaderConnection[]
    Object.assign(this, { connection: this.writer, replicas: this.readers })
    for (const reader of this.readers) {
      reader.writer = this.writer
      reader.elsewhere = () => this.anyReader(reader) ?? this.writer
    }
  }

  override getConnection(type: ConnectionType = 'write'): MySqlConnection {
    const route = routeNow()
    if (route.only !== undefined) return route.only
    if (type === 'write' || route.to === 'writer') return this.writer
    return this.anyReader() ?? this.writer
  }

  /** A reader to be used now. */
  anyReader(except?: ReaderConnection): ReaderConnection | undefined {
    const up = this.readersUp().filter((reader) => reader !== except)
    return up[Math.floor(Math.random() * up.length)]
  }

  readersUp(): readonly ReaderConnection[] {
    return this.readers.filter((reader) => reader.state === 'up')
  }
}
