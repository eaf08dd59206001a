import type { FilterQuery } from '@mikro-orm/core'
import { z } from 'zod'
import { Refusal } from '../http/refusal.ts'
import type { Database, EntityManager } from '../orm/database.ts'
import { candidatesFor, type Candidates } from './candidates.ts'
import { Book } from './entities.ts'
import { beginning, hasWords, wordsIn } from './search.ts'

export const sorts = ['newest', 'title', 'cheapest'] as const
export type Sort = (typeof sorts)[number]

export const pageSize = 24

/** What may be asked of the catalogue; whatever is wrong in an address counts as not given. */
export const listing = z.object({
  q: z.string().trim().max(100).catch('').default(''),
  sort: z.enum(sorts).catch('newest').default('newest'),
  after: z.string().max(600).optional().catch(undefined),
})
export type Listing = z.infer<typeof listing>

export interface Shown {
  readonly id: number
  readonly title: string
  readonly author: string
  readonly description?: string | null
  readonly price: number
  readonly stock: number
  readonly cover?: string | null
  readonly seller: { readonly id: number }
}

export interface BookPage {
  readonly books: readonly Shown[]
  /** The page after this one begins after this place. */
  readonly next: string | undefined
  /** So many books have the words that only among these the page was looked for. */
  readonly lookedThrough?: number
}

type Place = readonly [key: string | number, id: number]

const place = z.tuple([z.union([z.string().max(150), z.number()]), z.int().positive()])

/** Keyset paging: the place after which the next page begins, so that page 10,000 costs what page 1 costs. */
function placeIn(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  try {
    return place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return undefined
  }
}

function placeOf(sort: Sort, book: Shown): string {
  const key = sort === 'title' ? book.title : sort === 'cheapest' ? book.price : book.id
  return Buffer.from(JSON.stringify([key, book.id])).toString('base64url')
}

function after(sort: Sort, from: Place | undefined): FilterQuery<Book>[] {
  if (from === undefined) return []
  const [key, id] = from
  if (sort === 'newest') return [{ id: { $lt: id } }]
  if (sort === 'title')
    // the first part lets the index be entered at the place, the second leaves out what is before it there
    return [{ title: { $gte: String(key) } }, { $or: [{ title: { $gt: String(key) } }, { id: { $gt: id } }] }]
  const price = Number(key)
  if (!Number.isSafeInteger(price)) return []
  return [{ price: { $gte: price } }, { $or: [{ price: { $gt: price } }, { id: { $gt: id } }] }]
}

const order = {
  newest: { id: 'desc' },
  title: { title: 'asc', id: 'asc' },
  cheapest: { price: 'asc', id: 'asc' },
} as const

/** What was typed as a condition where there are no words to look for. */
function typedAs(kind: Database['kind'], typed: string): FilterQuery<Book>[] {
  if (typed === '') return []
  if (kind !== 'embedded') return [{ title: { $like: beginning(typed) } }]
  const inside = `%${beginning(typed)}`
  return [{ $or: [{ title: { $like: inside } }, { author: { $like: inside } }] }]
}

/** Books that have these words anywhere, maybe only inside of others. */
const anywhere = (words: readonly string[]): FilterQuery<Book>[] =>
  words.map((word) => ({ $or: [{ title: { $like: `%${word}%` } }, { author: { $like: `%${word}%` } }] }))

const fields = ['id', 'title', 'author', 'price', 'stock', 'cover', 'seller'] as const

/** How many books are looked through in their order before the index of words is asked. */
const stretch = 5000

/** How many are fetched at once: some have a word only inside of another. */
const batch = 4 * pageSize

/**
 * The index of words knows no order, so what it finds has to be put in order, for a word that is everywhere nearly all books. So the next
 * books in the order are looked through first, where such a word soon fills the page. Undefined: the page is not full, and there are more.
 */
async function lookThrough(em: EntityManager, want: Listing, words: readonly string[]): Promise<Shown[] | undefined> {
  const from = after(want.sort, placeIn(want.after))
  const options = { orderBy: order[want.sort], disableIdentityMap: true } as const
  const [end] = (await em.find(
    Book,
    { $and: [{ listed: true }, ...from] },
    { ...options, limit: 1, offset: stretch, fields: ['id', 'title', 'price'] },
  )) as unknown as Shown[]
  const until: FilterQuery<Book>[] =
    end === undefined
      ? []
      : want.sort === 'newest'
        ? [{ id: { $gt: end.id } }]
        : want.sort === 'title'
          ? [{ title: { $lte: end.title } }]
          : [{ price: { $lte: end.price } }]
  const near = (await em.find(
    Book,
    { $and: [{ listed: true }, ...from, ...until, ...anywhere(words)] },
    { ...options, limit: batch, fields },
  )) as unknown as Shown[]
  const found = near.filter(({ title, author }) => hasWords(`${title} ${author}`, words))
  if (found.length > pageSize) return found.slice(0, pageSize + 1)
  return end === undefined && near.length < batch ? found : undefined
}

/** The next of the candidates that have the other words too. */
async function lookAmong(
  em: EntityManager,
  want: Listing,
  words: readonly string[],
  { word, ids }: Candidates,
): Promise<Shown[]> {
  const others = words.filter((each) => each !== word)
  const found: Shown[] = []
  for (let from = want.after; found.length <= pageSize;) {
    const some = (await em.find(
      Book,
      { $and: [{ id: { $in: [...ids] } }, { listed: true }, ...anywhere(others), ...after(want.sort, placeIn(from))] },
      // else the server may walk through the whole order for them
      { orderBy: order[want.sort], limit: batch, fields, disableIdentityMap: true, indexHint: 'use index (primary)' },
    )) as unknown as Shown[]
    found.push(...some.filter(({ title, author }) => hasWords(`${title} ${author}`, others)))
    const last = some.at(-1)
    if (last === undefined || some.length < batch) break
    from = placeOf(want.sort, last)
  }
  return found.slice(0, pageSize + 1)
}

/** A page of the catalogue. */
export async function listBooks(em: EntityManager, kind: Database['kind'], want: Listing): Promise<BookPage> {
  const words = kind === 'embedded' ? [] : wordsIn(want.q)
  if (words.length === 0) {
    const found = await em.find(
      Book,
      { $and: [{ listed: true }, ...typedAs(kind, want.q), ...after(want.sort, placeIn(want.after))] },
      { orderBy: order[want.sort], limit: pageSize + 1, fields, disableIdentityMap: true },
    )
    return cut(want.sort, found as unknown as Shown[])
  }
  const near = await lookThrough(em, want, words)
  if (near !== undefined) return cut(want.sort, near)
  const among = await candidatesFor(em, words)
  if (among === undefined) throw new Refusal(422, 'catalog.tooMuch')
  const page = cut(want.sort, await lookAmong(em, want, words, among))
  return among.partial ? { ...page, lookedThrough: among.ids.length } : page
}

/** A page of what somebody sells. */
export async function listBooksOf(em: EntityManager, seller: number, from: string | undefined): Promise<BookPage> {
  const found = await em.find(
    Book,
    { $and: [{ seller, listed: true }, ...after('newest', placeIn(from))] },
    { orderBy: order.newest, limit: pageSize + 1, disableIdentityMap: true },
  )
  return cut('newest', found as unknown as Shown[])
}

function cut(sort: Sort, found: readonly Shown[]): BookPage {
  const books = found.slice(0, pageSize)
  const last = books.at(-1)
  return { books, next: found.length > pageSize && last !== undefined ? placeOf(sort, last) : undefined }
}
