import { NodeSqliteDialect, SqlMikroORM, SqliteDriver } from '@mikro-orm/sql'
import type { Database, EntityManager } from './database.ts'
import { entities } from './entities.ts'

/** SQLite inside the process, for development: nothing to set up. The tables are made when they are missing. */
export async function embeddedDatabase(file: string): Promise<Database> {
  const orm = await SqlMikroORM.init({
    driver: SqliteDriver,
    entities: [...entities],
    dbName: file,
    driverOptions: new NodeSqliteDialect(file),
    forceUtcTimezone: true,
    debug: false,
  })
  const tables = await orm.em.getConnection().execute(`select name from sqlite_master where name = 'user'`)
  if (tables.length === 0) await orm.schema.create()
  const fork = (): EntityManager => orm.em.fork() as EntityManager
  const state = { name: 'embedded', state: 'up', lag: 0, statements: 0, connections: 1 } as const
  return {
    kind: 'embedded',
    read: async (_pin, work) => await work(fork()),
    readFresh: async (work) => await work(fork()),
    write: async (work) => ({ value: await fork().transactional((em) => work(em as EntityManager)) }),
    check: async () => undefined,
    writer: () => state,
    readers: () => [],
    close: async () => await orm.close(true),
  }
}
