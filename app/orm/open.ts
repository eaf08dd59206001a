import type { Config } from '../config.ts'
import type { Log } from '../http/log.ts'
import type { Database } from './database.ts'
import { embeddedDatabase } from './embedded.ts'
import { mysqlDatabase } from './mysql.ts'
import { makePassword } from './password.ts'
import { seed } from './seed.ts'

/** The database that the configuration names. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  if (config.database.kind === 'mysql')
    return mysqlDatabase(config.database, makePassword(config.database.password), log)
  const database = await embeddedDatabase(config.database.file)
  await database.write((em) => seed(em, config.admin))
  log.warn(
    { file: config.database.file },
    'DATABASE_HOST is not set: an embedded SQLite database is used, which is for development only',
  )
  return database
}
