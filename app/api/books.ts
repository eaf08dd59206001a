import { z } from 'zod'
import { addBook, archiveBook, basis, bookFields, editBook, findBook, findOwn } from '../catalog/books.ts'
import { drawCover, keepCover } from '../catalog/covers.ts'
import { Book } from '../catalog/entities.ts'
import { listBooks, listBooksOf, listing, type Shown } from '../catalog/listing.ts'
import type { Site } from '../http/site.ts'
import { operation, type Operation } from './operation.ts'
import { bookJson, bookShape, foundShape, madeShape, pageOf } from './shapes.ts'

const after = z.object({ after: listing.shape.after })

export function bookOperations({ config, database, limit }: Site): readonly Operation[] {
  const limited = async (user: number): Promise<void> => await limit(`book:${user}`, config.limits.writesPerMinute)
  return [
    operation({
      method: 'get',
      path: '/books',
      id: 'listBooks',
      tag: 'books',
      summary: 'A page of the catalogue',
      access: 'anybody',
      query: listing,
      answer: { status: 200, schema: foundShape },
      refusals: [422],
      async handle({ visit, query }) {
        const { books, next, lookedThrough } = await visit.read((em) => listBooks(em, database.kind, query))
        return {
          items: books.map(bookJson),
          next: next ?? null,
          ...(lookedThrough !== undefined && { looked_through: lookedThrough }),
        }
      },
    }),
    operation({
      method: 'get',
      path: '/books/{id}',
      id: 'getBook',
      tag: 'books',
      summary: 'One book',
      access: 'anybody',
      answer: { status: 200, schema: bookShape },
      refusals: [404],
      async handle({ visit, id }) {
        return bookJson((await visit.read((em) => findBook(em, id))) as unknown as Shown)
      },
    }),
    operation({
      method: 'get',
      path: '/my/books',
      id: 'listMyBooks',
      tag: 'books',
      summary: 'What the caller sells',
      access: 'user',
      query: after,
      answer: { status: 200, schema: pageOf('BookPage', bookShape) },
      async handle({ visit, user, query }) {
        const { books, next } = await visit.read((em) => listBooksOf(em, user.id, query.after))
        return { items: books.map(bookJson), next: next ?? null }
      },
    }),
    operation({
      method: 'post',
      path: '/books',
      id: 'addBook',
      tag: 'books',
      summary: 'Offers a book',
      access: 'user',
      body: bookFields,
      once: true,
      answer: { status: 201, schema: madeShape },
      async handle({ visit, user, body, key }) {
        await limited(user.id)
        return {
          id: await visit.write((em) => addBook(em, user.id, body, undefined, key), { repeatable: key !== undefined }),
        }
      },
    }),
    operation({
      method: 'put',
      path: '/books/{id}',
      id: 'editBook',
      tag: 'books',
      summary:
        'Changes one of the caller’s books; with `version` only if nobody else has, with `stock_seen` relative to what is sold meanwhile',
      access: 'user',
      body: bookFields.extend(basis.shape),
      answer: { status: 204 },
      refusals: [403, 404, 409],
      async handle({ visit, user, id, body }) {
        await limited(user.id)
        const { version, stock_seen, ...fields } = body
        const from = { ...(version !== undefined && { version }), ...(stock_seen !== undefined && { stock_seen }) }
        await visit.write((em) => editBook(em, user.id, id, fields, from, undefined))
      },
    }),
    operation({
      method: 'put',
      path: '/books/{id}/cover',
      id: 'setCover',
      tag: 'books',
      summary: 'Sets the cover of one of the caller’s books: JPEG, PNG or WebP of 5 MB at most, which is drawn anew',
      access: 'user',
      bodyType: ['image/jpeg', 'image/png', 'image/webp'],
      answer: { status: 204 },
      refusals: [403, 404, 413, 422],
      async handle({ visit, user, id, request }) {
        await limited(user.id)
        await visit.write((em) => findOwn(em, user.id, id))
        const picture = await drawCover(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
        const cover = await keepCover(config.shared, picture)
        await visit.write((em) => em.nativeUpdate(Book, { id, seller: user.id, listed: true }, { cover }))
      },
    }),
    operation({
      method: 'delete',
      path: '/books/{id}',
      id: 'deleteBook',
      tag: 'books',
      summary: 'Takes one of the caller’s books out of the catalogue',
      access: 'user',
      answer: { status: 204 },
      refusals: [403, 404],
      async handle({ visit, user, id }) {
        await visit.write((em) => archiveBook(em, user.id, id))
      },
    }),
  ]
}
