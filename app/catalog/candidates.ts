import type { EntityManager } from '../orm/database.ts'
import { tookTooLong } from '../orm/failures.ts'

/** Up to how many books that have a word are put in order. */
export const most = 5000

/** Books of one of several words, among which all are that have the others too; or, `partial`, only some of them, since there are too many. */
export interface Candidates {
  readonly word: string
  readonly ids: readonly number[]
  readonly partial: boolean
}

/**
 * Asks the index of words for the books of the rarest word. One word without an operator, no other condition and no order: only then
 * InnoDB ends at the LIMIT, as soon as it has so many. With "+", or in a subquery, it first collects all that have the word. Undefined: even
 * that took too long, as with a beginning that thousands of different words have.
 */
export async function candidatesFor(em: EntityManager, words: readonly string[]): Promise<Candidates | undefined> {
  let some: Candidates | undefined
  // longer words are rarer
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    const ids = await having(em, word)
    if (ids === undefined) continue
    if (ids.length <= most) return { word, ids, partial: false }
    some ??= { word, ids: ids.slice(0, most), partial: true }
  }
  return some
}

// the hint is MySQL's, a comment for MariaDB
const query = `select /*+ MAX_EXECUTION_TIME(1000) */ id from book where match(title, author) against (? in boolean mode) limit ${most + 1}`

async function having(em: EntityManager, word: string): Promise<readonly number[] | undefined> {
  try {
    const connection = em.getConnection('read')
    const rows = await connection.execute<{ id: number }[]>(query, [`${word}*`], 'all', em.getTransactionContext())
    return rows.map(({ id }) => id)
  } catch (error) {
    if (tookTooLong(error)) return undefined
    throw error
  }
}
