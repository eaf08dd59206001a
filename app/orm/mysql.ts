import { MikroORM, type Options } from '@mikro-orm/mysql'
import { Migrator } from '@mikro-orm/migrations'
import type { MysqlConfig } from '../config.ts'
import { migrations } from '../migrations/all.ts'
import type { ReaderConnection, WatchedConnection } from './connections.ts'
import type { Database, EntityManager, ServerState } from './database.ts'
import { RoutedDriver } from './driver.ts'
import { entities } from './entities.ts'
import { failureOf, Unavailable } from './failures.ts'
import { countMigrations, expectMigrated } from './migrated.ts'
import { patiently } from './patience.ts'
import { positionOf, reachedStatement, type PlacePin } from './position.ts'
import { routed } from './routes.ts'
import { watchReaders } from './readers.ts'
import { reasonOf, tlsOptions } from './tls.ts'
import type { Password } from './password.ts'
import type { Log } from '../http/log.ts'

/** How long a transaction may take, in milliseconds, before the writer counts as hanging. */
const longestTransaction = 20_000

/** The ORM, not yet connected: nothing here fails because the database is away. */
export function makeOrm(config: MysqlConfig, password: Password): MikroORM {
  const options = {
    driver: RoutedDriver as never,
    entities: [...entities],
    extensions: [Migrator],
    dbName: config.name,
    host: config.writer.host,
    port: config.writer.port,
    user: config.user,
    password: () => password.now(),
    name: 'writer',
    charset: 'utf8mb4',
    collate: 'utf8mb4_unicode_ci',
    forceUtcTimezone: true,
    ensureDatabase: false,
    pool: { min: 0, max: config.pool },
    preferReadReplicas: true,
    replicas: config.readers.map(({ host, port }, index) => ({ name: `reader-${index + 1}`, host, port })),
    driverOptions: {
      ...tlsOptions(config.tls),
      connectTimeout: 3000,
      enableKeepAlive: true,
      charset: 'utf8mb4_unicode_ci',
    },
    migrations: { migrationsList: [...migrations], transactional: false, snapshot: false, silent: true },
    debug: false,
  } satisfies Options
  return new MikroORM(options as Options)
}

/** The database of a production: one writer and any number of readers. */
export function mysqlDatabase(config: MysqlConfig, password: Password, log: Log): Database {
  const orm = makeOrm(config, password)
  const driver = orm.em.getDriver() as unknown as RoutedDriver
  const { writer, readers } = driver
  const fork = (): EntityManager => orm.em.fork() as unknown as EntityManager
  const watch = watchReaders(config, password, readers, log)

  const check = async (): Promise<void> => {
    const rows = await routed({ to: 'writer' }, () => writer.execute<{ migrations: number }[]>(countMigrations))
    expectMigrated(rows[0])
  }
  const isMigrated = async (): Promise<boolean> =>
    await check().then(
      () => true,
      () => false,
    )

  const onWriterFailure = async (failure: ReturnType<typeof failureOf>, error: unknown): Promise<void> => {
    log.warn({ failure, reason: reasonOf(error) }, 'the writer failed: trying again')
    // what all the tables are there for and still fails is a fault of the program
    if (failure === 'behind' && (await isMigrated())) throw error
    if (failure === 'denied') await password.renew()
    // after a failover the old connections lead to a server that is no longer the writer
    if (failure === 'read-only') writer.recycle('the server has become read-only')
  }

  const fromWriter = <T>(work: (em: EntityManager) => Promise<T>): Promise<T> =>
    patiently(config.patience, () => routed({ to: 'writer' }, () => work(fork())), onWriterFailure)

  return {
    kind: 'mysql',
    async read(pin, work) {
      if (pin === undefined || pin.until < Date.now() || readers.length === 0)
        return await patiently(config.patience, () => routed({ to: 'readers' }, () => work(fork())), onWriterFailure)
      if (pin.kind === 'time') return await fromWriter(work)
      for (const reader of [...driver.readersUp()].sort(() => Math.random() - 0.5)) {
        const found = await fromReaderThatHas(reader, pin, fork, work)
        if (found !== undefined) return found.value
      }
      return await fromWriter(work)
    },
    readFresh: fromWriter,
    async write(work, { repeatable = false, unseen = false } = {}) {
      const value = await patiently(
        config.patience,
        async () => {
          let committing = false
          const late = setTimeout(() => writer.recycle('a transaction took too long'), longestTransaction)
          try {
            return await routed({ to: 'writer' }, () =>
              fork().transactional(async (em) => {
                const result = await work(em as EntityManager)
                committing = true
                return result
              }),
            )
          } catch (error) {
            if (committing && !repeatable && failureOf(error) === 'gone') throw new Unavailable(error, true)
            throw error
          } finally {
            clearTimeout(late)
          }
        },
        onWriterFailure,
      )
      return unseen || readers.length === 0 ? { value } : { value, pin: await positionOf(writer, config.maxLag) }
    },
    check,
    writer: () => stateOf(writer, 'up', 0),
    readers: () => readers.map((reader) => stateOf(reader, reader.state, reader.lag)),
    async close() {
      await watch.stop()
      await orm.close(true)
    },
  }
}

/** Checks and reads on one connection: behind the address of a reader there may be several servers. */
async function fromReaderThatHas<T>(
  reader: ReaderConnection,
  pin: PlacePin,
  fork: () => EntityManager,
  work: (em: EntityManager) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  try {
    await reader.ensureConnection()
    return await reader
      .getClient()
      .connection()
      .execute(async (one) => {
        const { sql, params } = reachedStatement(pin)
        const [row] = await reader.execute<{ reached: number }[]>(sql, params, 'all', one as never)
        if (Number(row?.reached) !== 1) return undefined
        const em = fork()
        em.setTransactionContext(one as never)
        return { value: await routed({ to: 'readers', only: reader }, () => work(em)) }
      })
  } catch (error) {
    if (reader.failed(error) || failureOf(error) === 'behind') return undefined
    throw error
  }
}

function stateOf(connection: WatchedConnection, state: ServerState['state'], lag: number | undefined): ServerState {
  return { name: connection.label, state, lag, statements: connection.statements, connections: connection.open }
}
