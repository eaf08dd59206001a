import { UniqueConstraintViolationException } from '@mikro-orm/core'
import type { Database } from '../orm/database.ts'
import { Lease } from './entities.ts'

/** How long a lease lasts without being renewed, in milliseconds. */
const length = 10_000

/** Takes or renews the lease; true: it is ours. A holder that died is followed when its lease has run out. */
export async function takeLease(database: Database, holder: string): Promise<boolean> {
  const { value } = await database.write(
    async (em) => {
      const now = new Date()
      const row = { holder, renewedAt: now, expiresAt: new Date(now.getTime() + length) }
      const renewed = await em.nativeUpdate(
        Lease,
        { name: 'jobs', $or: [{ holder }, { expiresAt: { $lt: now } }] },
        row,
      )
      if (renewed === 1) return true
      if ((await em.count(Lease, { name: 'jobs' })) > 0) return false
      try {
        await em.insert(Lease, { name: 'jobs', ...row })
        return true
      } catch (error) {
        if (error instanceof UniqueConstraintViolationException) return false
        throw error
      }
    },
    { repeatable: true, unseen: true },
  )
  return value
}
