import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { RateLimit, Session } from '../accounts/entities.ts'
import type { Config } from '../config.ts'
import type { Log } from '../http/log.ts'
import { Purchase, Submission } from '../orders/entities.ts'
import { expire } from '../orders/orders.ts'
import type { Database } from '../orm/database.ts'
import { takeLease } from './lease.ts'

/** The heartbeat, in milliseconds: as finely as this the readers' lag is known. */
const beat = 1000
const sweepEvery = 15_000
const day = 24 * 3600 * 1000

export interface Jobs {
  /** Whether this instance does them now. */
  leading(): boolean
  stop(): Promise<void>
}

/** Does what must be done now and then, on one instance at a time: whoever holds the lease. */
export function startJobs(config: Pick<Config, 'instance' | 'unpaidMinutes'>, database: Database, log: Log): Jobs {
  const holder = `${config.instance}:${process.pid}`
  const ended = new AbortController()
  let leading = false
  let swept = -Infinity
  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        const now = await takeLease(database, holder)
        if (now !== leading)
          log.info({ holder }, now ? 'this instance does the jobs' : 'another instance does the jobs')
        leading = now
        if (leading && performance.now() - swept > sweepEvery) {
          await sweep(database, config.unpaidMinutes, log, ended.signal)
          swept = performance.now()
        }
      } catch (error) {
        // said once: without a database there is nothing to do either
        if (leading) log.warn({ reason: (error as Error).message }, 'the jobs wait for the database')
        leading = false
      }
      await sleep(beat, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    leading: () => leading,
    async stop() {
      ended.abort()
      await running
    },
  }
}

/** Gives back what nobody paid for, and forgets what is over. Safe to be done by two at once. */
export async function sweep(
  database: Database,
  unpaidMinutes: number,
  log: Log,
  signal?: AbortSignal,
): Promise<number> {
  const late = await database.readFresh((em) =>
    em.find(
      Purchase,
      { status: 'Pending Payment', createdAt: { $lt: new Date(Date.now() - unpaidMinutes * 60_000) } },
      { fields: ['id'], limit: 500, orderBy: { createdAt: 'asc' } },
    ),
  )
  let expired = 0
  for (const { id } of late) {
    if (signal?.aborted) return expired
    // one transaction each, so that none waits for the locks of all
    const { value } = await database.write((em) => expire(em, id), { repeatable: true, unseen: true })
    if (value) expired += 1
  }
  if (expired > 0) log.info({ expired }, 'unpaid orders have ended')
  const now = new Date()
  await database.write(
    async (em) => {
      await em.nativeDelete(Session, { expiresAt: { $lt: now } })
      await em.nativeDelete(RateLimit, { expiresAt: { $lt: now } })
      await em.nativeDelete(Submission, { createdAt: { $lt: new Date(now.getTime() - 7 * day) } })
    },
    { repeatable: true, unseen: true },
  )
  return expired
}
