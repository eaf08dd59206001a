import { setTimeout as sleep } from 'node:timers/promises'
import { Router } from 'express'
import type { Database } from '../orm/database.ts'
import { failureOf } from '../orm/failures.ts'

export interface Life {
  stopping: boolean
}

/** How long the writer may take to answer, in milliseconds. */
const patience = 2000

/** Alive: the process answers. Ready: it should get requests, for which it needs the writer; without readers it is only slower. */
export function health(database: Database, life: Life): Router {
  const router = Router({ strict: true })
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  router.get('/readyz', async (_request, response) => {
    const readers = database.readers().map(({ name, state, lag }) => ({ name, state, lag }))
    response.setHeader('Cache-Control', 'no-store')
    if (life.stopping) {
      response.status(503).json({ status: 'stopping' })
      return
    }
    const done = new AbortController()
    try {
      const late = sleep(patience, undefined, { signal: done.signal }).then(() => {
        throw new Error(`the writer does not answer within ${patience / 1000} s`)
      })
      late.catch(() => undefined)
      const check = database.check()
      check.catch(() => undefined)
      await Promise.race([check, late])
      const degraded = readers.some(({ state }) => state !== 'up')
      response.json({ status: degraded ? 'degraded' : 'ok', writer: 'up', readers })
    } catch (error) {
      // the name of a server is nobody's business outside
      const reason = failureOf(error) === 'behind' ? 'not set up' : 'away'
      response.status(503).json({ status: 'unavailable', writer: reason, readers })
    } finally {
      done.abort()
    }
  })
  return router
}
