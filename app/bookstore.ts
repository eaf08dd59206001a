#!/usr/bin/env node
import process from 'node:process'
import { promote } from './accounts/promote.ts'
import { processEnvironment, readConfig } from './config.ts'
import { makeLog } from './http/log.ts'
import { openDatabase } from './orm/open.ts'
import { makePassword } from './orm/password.ts'
import { setUp } from './orm/setup.ts'

const usage = `bookstore setup          creates the database, migrates and seeds it; safe to run again and by many at once
bookstore admin EMAIL    makes this user an administrator`

/** The tasks of whoever runs the bookstore. */
const [verb, email] = process.argv.slice(2)
try {
  const config = readConfig(processEnvironment())
  const log = makeLog(config)
  if (verb === 'setup') {
    if (config.database.kind === 'embedded') await (await openDatabase(config, log)).close()
    else await setUp(config.database, config.admin, makePassword(config.database.password), log)
  } else if (verb === 'admin' && email !== undefined) {
    const database = await openDatabase(config, log)
    try {
      await promote(database, email)
      log.info('the user is an administrator now')
    } finally {
      await database.close()
    }
  } else {
    console.error(usage)
    process.exitCode = 2
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
