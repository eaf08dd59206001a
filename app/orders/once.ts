import { createHash } from 'node:crypto'
import { UniqueConstraintViolationException } from '@mikro-orm/core'
import type { EntityManager } from '../orm/database.ts'
import { Submission } from './entities.ts'

/**
 * Does the work once for each key, in the transaction that is under way: a form that is sent again, or a request that is repeated,
 * gets what came of the first. The unique key makes the second wait until the first has been committed.
 */
export async function once(
  em: EntityManager,
  scope: string,
  key: string | undefined,
  work: () => Promise<number>,
): Promise<number> {
  if (key === undefined) return await work()
  const digest = createHash('sha256').update(`${scope}\0${key}`).digest('hex')
  try {
    await em.insert(Submission, { digest, createdAt: new Date() })
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const first = await em.findOneOrFail(Submission, digest)
    return first.result as number
  }
  const result = await work()
  await em.nativeUpdate(Submission, { digest }, { result })
  return result
}

/** A key as forms and clients send it; anything else counts as none. */
export function keyIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{16,128}$/.test(value) ? value : undefined
}
