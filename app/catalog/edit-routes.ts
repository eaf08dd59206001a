import type { Request, Response, Router } from 'express'
import { faultsOf, type FieldErrors } from '../http/fields.ts'
import { idIn, notAllowed, signedIn, userOf } from '../http/guards.ts'
import { Refusal } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import type { Site } from '../http/site.ts'
import { visitOf } from '../http/visit.ts'
import { keyIn } from '../orders/once.ts'
import { decimal } from '../orm/money.ts'
import { addBook, basis, bookFields, editBook, findOwn } from './books.ts'
import { dropCover } from './covers.ts'
import { Book } from './entities.ts'
import { coverOf, readUpload } from './upload.ts'

/** The forms with which a seller adds and changes books. */
export function editRoutes(router: Router, { config, limit, checkToken }: Site): void {
  const { shared } = config

  const form = (
    response: Response,
    page: { status?: number; errors?: FieldErrors; values: object; id?: number },
  ): void => {
    const { t } = visitOf(response)
    render(response, '/catalog/pages/form', {
      title: t(page.id === undefined ? 'book.add' : 'book.edit'),
      id: undefined,
      ...page,
    })
  }
  /** Shows the form again with what is wrong; throws what is not the form's fault. */
  const again = (request: Request, response: Response, error: unknown, id?: number): void => {
    if (!(error instanceof Refusal) || error.status !== 422) throw error
    form(response, {
      status: 422,
      errors: { cover: { key: error.key, values: {} } },
      values: request.body as object,
      ...(id !== undefined && { id }),
    })
  }

  router
    .route('/book/add_book')
    .get(signedIn, (_request, response) => form(response, { values: { stock: 1 } }))
    .post(signedIn, readUpload, async (request, response) => {
      await checkToken(request, response)
      const visit = visitOf(response)
      const { id: seller } = userOf(response)
      await limit(`book:${seller}`, config.limits.writesPerMinute)
      const { data, error } = bookFields.safeParse(request.body)
      if (error !== undefined) {
        form(response, { status: 422, errors: faultsOf(error), values: request.body as object })
        return
      }
      try {
        const cover = await coverOf(request, shared)
        const key = keyIn((request.body as { once?: unknown }).once)
        await visit.write((em) => addBook(em, seller, data, cover, key), { repeatable: key !== undefined })
      } catch (refusal) {
        again(request, response, refusal)
        return
      }
      await visit.note({ kind: 'good', key: 'book.added', values: { title: data.title } })
      response.redirect(302, '/book/catalog')
    })
    .all(notAllowed)

  router
    .route('/book/edit_book/:id')
    .get(signedIn, async (request, response) => {
      const id = idIn(request)
      const book = await visitOf(response).read((em) => findOwn(em, userOf(response).id, id))
      form(response, { values: stored(book), id })
    })
    .post(signedIn, readUpload, async (request, response) => {
      await checkToken(request, response)
      const visit = visitOf(response)
      const { id: seller } = userOf(response)
      const id = idIn(request)
      await limit(`book:${seller}`, config.limits.writesPerMinute)
      const before = await visit.write((em) => findOwn(em, seller, id))
      const { data, error } = bookFields.and(basis).safeParse(request.body)
      if (error !== undefined) {
        form(response, {
          status: 422,
          errors: faultsOf(error),
          values: { ...stored(before), ...(request.body as object) },
          id,
        })
        return
      }
      const { version, stock_seen, ...fields } = data
      try {
        const cover = await coverOf(request, shared)
        const from = { ...(version !== undefined && { version }), ...(stock_seen !== undefined && { stock_seen }) }
        const { coverBefore } = await visit.write((em) => editBook(em, seller, id, fields, from, cover))
        if (cover !== undefined && coverBefore && coverBefore !== cover) {
          const used = await visit.write((em) => em.count(Book, { cover: coverBefore }))
          if (used === 0) await dropCover(shared, coverBefore)
        }
      } catch (refusal) {
        if (refusal instanceof Refusal && refusal.status === 409) {
          const now = await visit.write((em) => findOwn(em, seller, id))
          form(response, { status: 409, errors: { '': { key: refusal.key, values: {} } }, values: stored(now), id })
        } else again(request, response, refusal, id)
        return
      }
      await visit.note({ kind: 'good', key: 'book.saved', values: { title: fields.title } })
      response.redirect(302, '/book/catalog')
    })
    .all(notAllowed)
}

function stored(book: Book): object {
  const { title, author, description, price, stock, version, cover } = book
  return {
    title,
    author,
    description: description ?? '',
    price: decimal(price),
    stock,
    stock_seen: stock,
    version,
    cover,
  }
}
