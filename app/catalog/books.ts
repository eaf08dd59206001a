import { z } from 'zod'
import { line, money, text, whole } from '../http/fields.ts'
import { Refusal, forbidden, notFound } from '../http/refusal.ts'
import { once } from '../orders/once.ts'
import type { EntityManager } from '../orm/database.ts'
import { relative } from '../orm/relative.ts'
import { Book } from './entities.ts'

export const bookFields = z.object({
  title: line(150),
  author: line(100),
  description: text(5000).default(''),
  price: money,
  stock: whole(0, 1_000_000),
})
export type BookFields = z.infer<typeof bookFields>

/** What a form was filled in on the basis of. Without it an edit overwrites, as the original's did. */
export const basis = z.object({
  version: whole(1, 999_999_999).optional(),
  stock_seen: whole(0, 1_000_000).optional(),
})
export type Basis = z.infer<typeof basis>

/** A book that is offered, or that is the viewer's own. */
export async function findBook(em: EntityManager, id: number) {
  const book = await em.findOne(
    Book,
    { id, listed: true },
    { populate: ['seller'], fields: ['*', 'seller.id', 'seller.name'] },
  )
  if (book === null) throw notFound()
  return book
}

/** The book, if it is this seller’s. */
export async function findOwn(em: EntityManager, seller: number, id: number) {
  const book = await em.findOne(Book, { id, listed: true })
  if (book === null) throw notFound()
  if (book.seller.id !== seller) throw forbidden()
  return book
}

export async function addBook(
  em: EntityManager,
  seller: number,
  fields: BookFields,
  cover: string | undefined,
  key: string | undefined,
): Promise<number> {
  return await once(em, `add:${seller}`, key, () =>
    em.insert(Book, {
      ...fields,
      seller,
      cover: cover ?? null,
      version: 1,
      listed: true,
      createdAt: new Date(),
    }),
  )
}

/**
 * Changes a book. Copies are added or taken away as the difference to what the seller saw, so that a sale in between is not undone;
 * everything else is refused if somebody has changed it in between.
 */
export async function editBook(
  em: EntityManager,
  seller: number,
  id: number,
  fields: BookFields,
  basis: Basis,
  cover: string | undefined,
): Promise<{ readonly coverBefore: string | null | undefined }> {
  const { stock, ...rest } = fields
  const difference = basis.stock_seen === undefined ? undefined : stock - basis.stock_seen
  const changed = await em.nativeUpdate(
    Book,
    {
      id,
      seller,
      listed: true,
      ...(basis.version !== undefined && { version: basis.version }),
      // more may have been sold than the seller wants to take away
      ...(difference !== undefined && difference < 0 && { stock: { $gte: -difference } }),
    },
    {
      ...rest,
      stock: difference === undefined ? stock : relative('stock + ?', difference),
      version: relative('version + 1'),
    },
  )
  const book = await findOwn(em, seller, id)
  if (changed === 0) throw new Refusal(409, 'book.conflict')
  const coverBefore = book.cover
  if (cover !== undefined) await em.nativeUpdate(Book, { id }, { cover })
  return { coverBefore }
}

/** Takes a book out of the catalogue. Orders keep pointing at it, so it is not removed. */
export async function archiveBook(em: EntityManager, seller: number, id: number): Promise<string> {
  const { title } = await findOwn(em, seller, id)
  await em.nativeUpdate(Book, { id, seller }, { listed: false })
  return title
}
