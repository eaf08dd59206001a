import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type Connection } from 'mysql2/promise'
import type { Config, MysqlConfig } from '../config.ts'
import type { Log } from '../http/log.ts'
import type { EntityManager } from './database.ts'
import { failureOf } from './failures.ts'
import { makeOrm } from './mysql.ts'
import type { Password } from './password.ts'
import { seed } from './seed.ts'
import { reasonOf, tlsOptions } from './tls.ts'

/** How long one setup waits for another, in seconds. */
const lockPatience = 300

/**
 * Creates the database, brings its tables up to date and seeds them. Run again it changes nothing; of several that run at once one
 * does the work and the others find it done. Waits until the server can be reached.
 */
export async function setUp(config: MysqlConfig, admin: Config['admin'], password: Password, log: Log): Promise<void> {
  const connection = await reach(config, password, log)
  try {
    // the name was checked when the environment was read
    await connection.query(
      `create database if not exists \`${config.name}\` character set utf8mb4 collate utf8mb4_unicode_ci`,
    )
    const lock = `bookstore:setup:${config.name}`
    const [rows] = await connection.query('select get_lock(?, ?) as taken', [lock, lockPatience])
    if (Number((rows as { taken: unknown }[])[0]?.taken) !== 1)
      throw new Error(`another setup has held the lock ${lock} for more than ${lockPatience} s`)
    const orm = makeOrm({ ...config, readers: [] }, password)
    try {
      const done = await orm.migrator.up()
      for (const { name } of done) log.info({ migration: name }, 'migrated')
      await orm.em.fork().transactional(async (em) => await seed(em as unknown as EntityManager, admin))
    } finally {
      await orm.close(true)
    }
    log.info({ database: config.name }, 'the database is set up')
  } finally {
    // ends the lock too, which belongs to the connection
    connection.destroy()
  }
}

async function reach(config: MysqlConfig, password: Password, log: Log): Promise<Connection> {
  const end = performance.now() + config.setupPatience * 1000
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      return await createConnection({
        host: config.writer.host,
        port: config.writer.port,
        user: config.user,
        password: await password.now(),
        connectTimeout: 5000,
        ...tlsOptions(config.tls),
      })
    } catch (error) {
      const failure = failureOf(error)
      const over = performance.now() + pause > end
      // a wrong password is the same in ten minutes; one that was just rotated is read anew
      if (failure === 'denied') await password.renew()
      if (failure === 'other' || failure === 'untrusted' || over)
        throw new Error(
          `the database at ${config.writer.host}:${config.writer.port} cannot be reached${over ? ` within ${config.setupPatience} s` : ''}: ${reasonOf(error)}`,
          { cause: error },
        )
      log.info({ reason: (error as Error).message, again_in_seconds: pause / 1000 }, 'waiting for the database')
      await sleep(pause)
    }
  }
}
