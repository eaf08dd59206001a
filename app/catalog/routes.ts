import { Router } from 'express'
import { idIn, notAllowed, signedIn, userOf } from '../http/guards.ts'
import { render } from '../http/render.ts'
import type { Site } from '../http/site.ts'
import { visitOf } from '../http/visit.ts'
import { archiveBook, findBook } from './books.ts'
import { editRoutes } from './edit-routes.ts'
import { listBooks, listBooksOf, listing, sorts } from './listing.ts'

/** The catalogue and the books of the sellers. */
export function catalogRoutes(site: Site): Router {
  const router = Router({ strict: true })
  const { kind } = site.database

  router
    .route('/book/catalog')
    .get(async (request, response) => {
      const visit = visitOf(response)
      const want = listing.parse(request.query)
      const page = await visit.read((em) => listBooks(em, kind, want))
      const more = new URLSearchParams({ q: want.q, sort: want.sort, after: page.next ?? '' })
      render(response, '/catalog/pages/list', {
        title: visit.t('catalog.title'),
        ...page,
        ...want,
        sorts,
        more: page.next === undefined ? undefined : `/book/catalog?${more}`,
      })
    })
    .all(notAllowed)

  router
    .route('/book/my_books')
    .get(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const { after } = listing.parse(request.query)
      const page = await visit.read((em) => listBooksOf(em, userOf(response).id, after))
      render(response, '/catalog/pages/mine', { title: visit.t('myBooks.title'), ...page, after })
    })
    .all(notAllowed)

  editRoutes(router, site)

  router
    .route('/book/delete_book/:id')
    .post(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const title = await visit.write((em) => archiveBook(em, userOf(response).id, id))
      await visit.note({ kind: 'good', key: 'book.deleted', values: { title } })
      response.redirect(302, '/book/catalog')
    })
    .all(notAllowed)

  router
    .route('/book/:id')
    .get(async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const book = await visit.read((em) => findBook(em, id))
      render(response, '/catalog/pages/book', { title: book.title, book })
    })
    .all(notAllowed)

  return router
}
