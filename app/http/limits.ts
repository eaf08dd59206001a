import { createHash } from 'node:crypto'
import { raw } from '@mikro-orm/core'
import { RateLimit } from '../accounts/entities.ts'
import type { Database } from '../orm/database.ts'
import { Refusal } from './refusal.ts'

export type Limit = (what: string, most: number) => Promise<void>

/** Counts in the database, so that it makes no difference which instance is asked. Windows of one minute. */
export function makeLimit(database: Database): Limit {
  return async (what, most) => {
    const window = Math.floor(Date.now() / 60_000)
    const digest = createHash('sha256').update(`${what}\0${window}`).digest('hex')
    const { value: hits } = await database.write(
      async (em) => {
        await em
          .createQueryBuilder(RateLimit)
          .insert({ digest, hits: 1, expiresAt: new Date((window + 2) * 60_000) })
          .onConflict('digest')
          .merge({ hits: raw('hits + 1') })
          .execute()
        return (await em.findOneOrFail(RateLimit, digest)).hits
      },
      { repeatable: true, unseen: true },
    )
    if (hits > most) throw new Refusal(429, 'error.tooMany')
  }
}
