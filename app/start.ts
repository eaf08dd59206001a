import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeApp } from './app.ts'
import type { Config } from './config.ts'
import { answerExpectations } from './http/bodies.ts'
import { makeLog, type Log } from './http/log.ts'
import { startJobs } from './jobs/jobs.ts'
import { failureOf } from './orm/failures.ts'
import { openDatabase } from './orm/open.ts'
import { reasonOf } from './orm/tls.ts'

export interface Running {
  readonly port: number
  readonly log: Log
  /** Finishes what has begun and closes everything. */
  stop(): Promise<void>
}

/** Starts the application; the database may be away. */
export async function start(config: Config): Promise<Running> {
  const log = makeLog(config)
  const database = await openDatabase(config, log)
  const life = { stopping: false }
  const jobs = startJobs(config, database, log)
  const server: Server = makeApp(config, database, log, life).listen(config.port, config.host)
  answerExpectations(server)
  // longer than a load balancer keeps a connection (60 s): the one who closes first must not be the server
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 66_000
  server.requestTimeout = 60_000
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  log.info({ port, environment: config.environment }, 'listening')
  // said once and at once: that it is away may pass, this does not
  database.check().catch((error: unknown) => {
    if (failureOf(error) === 'untrusted')
      log.error({ reason: reasonOf(error) }, 'the writer cannot be trusted: its settings have to be changed')
  })
  return {
    port,
    log,
    async stop() {
      life.stopping = true
      log.info({ seconds: config.stopDelay }, 'stopping: no longer ready')
      // until the load balancer has seen it; requests are still answered
      await sleep(config.stopDelay * 1000)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await closed
      await jobs.stop()
      await database.close()
      log.info('stopped')
    },
  }
}
