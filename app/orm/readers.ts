import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type Connection } from 'mysql2/promise'
import type { Address, MysqlConfig } from '../config.ts'
import type { Log } from '../http/log.ts'
import type { ReaderConnection } from './connections.ts'
import { failureOf } from './failures.ts'
import { countMigrations, expectMigrated } from './migrated.ts'
import { reasonOf, tlsOptions } from './tls.ts'
import type { Password } from './password.ts'

const every = 1000
/** How long a server may take to answer the check, in milliseconds. */
const patience = 2000

const heartbeat = `select (${countMigrations}) as migrations,
  (select cast(unix_timestamp(renewed_at) * 1000 as signed) from lease where name = 'jobs') as beat`

/**
 * Looks at every reader once a second, on a connection of its own so that a busy pool does not look like a dead server. The lag is
 * the difference between the heartbeat on the writer and the one that has arrived: it needs no privilege and works for every kind of replication.
 * A reader that has not yet got the tables, or the first heartbeat, lags.
 */
export function watchReaders(
  config: MysqlConfig,
  password: Password,
  readers: readonly ReaderConnection[],
  log: Log,
): { stop(): Promise<void> } {
  if (readers.length === 0) return { stop: async () => undefined }
  const ended = new AbortController()
  const onWriter = probe(config, config.writer, password)
  const probes = readers.map((reader, index) => ({
    reader,
    probe: probe(config, config.readers[index] as Address, password),
  }))
  for (const reader of readers)
    reader.onDown = ({ label }, error) => log.warn({ reader: label, reason: reasonOf(error) }, 'reader left out')

  let lastBeat: number | undefined
  const look = async ({ reader, probe }: (typeof probes)[number]): Promise<void> => {
    const before = reader.state
    try {
      const beat = await probe.heartbeat()
      // without the writer there is nothing to compare with, and the readers are all there is
      reader.lag = lastBeat === undefined || beat === undefined ? undefined : Math.max(0, (lastBeat - beat) / 1000)
      const late = reader.lag === undefined ? lastBeat !== undefined : reader.lag > config.maxLag
      reader.state = late ? 'lagging' : 'up'
    } catch (error) {
      if (failureOf(error) === 'behind') {
        reader.lag = undefined
        reader.state = 'lagging'
      } else {
        reader.failed(error)
        if (reader.state !== 'down') reader.state = 'down'
        if (before !== 'down') reader.recycle('the reader does not answer')
        if (failureOf(error) === 'denied') await password.renew()
      }
    }
    if (before !== reader.state && reader.state !== 'down')
      log.info({ reader: reader.label, lag: reader.lag }, reader.state === 'up' ? 'reader in use' : 'reader lags')
  }
  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        lastBeat = (await onWriter.heartbeat()) ?? lastBeat
      } catch (error) {
        if (failureOf(error) === 'denied') await password.renew()
      }
      await Promise.all(probes.map(look))
      await sleep(every, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      ended.abort()
      await running
      await Promise.all([onWriter.close(), ...probes.map(({ probe }) => probe.close())])
    },
  }
}

function probe(config: MysqlConfig, { host, port }: Address, password: Password) {
  let connection: Connection | undefined
  const drop = (): void => {
    connection?.destroy()
    connection = undefined
  }
  const ask = async (): Promise<number | undefined> => {
    if (connection === undefined) {
      const made = await createConnection({
        host,
        port,
        user: config.user,
        password: await password.now(),
        database: config.name,
        connectTimeout: patience,
        timezone: 'Z',
        ...tlsOptions(config.tls),
      })
      made.on('error', drop)
      connection = made
    }
    const [rows] = await connection.query(heartbeat)
    const answer = (rows as { migrations: number; beat: number | string | null }[])[0]
    expectMigrated(answer)
    const beat = answer?.beat
    return beat === undefined || beat === null ? undefined : Number(beat)
  }
  return {
    async heartbeat(): Promise<number | undefined> {
      const done = new AbortController()
      const late = sleep(patience, undefined, { signal: done.signal, ref: false }).then(() => {
        throw Object.assign(new Error(`no answer within ${patience / 1000} s`), { code: 'ETIMEDOUT' })
      })
      late.catch(() => undefined)
      try {
        const asked = ask()
        asked.catch(() => undefined)
        return await Promise.race([asked, late])
      } catch (error) {
        drop()
        throw error
      } finally {
        done.abort()
      }
    },
    async close(): Promise<void> {
      drop()
    },
  }
}
