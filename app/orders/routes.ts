import { Router, type RequestHandler } from 'express'
import { findAssignment } from '../delivery/delivery.ts'
import { faultsOf } from '../http/fields.ts'
import { idIn, notAllowed, signedIn, userOf } from '../http/guards.ts'
import { Refusal } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import { visitOf } from '../http/visit.ts'
import type { MessageKey } from '../http/locales/en.ts'
import type { EntityManager } from '../orm/database.ts'
import { keyIn } from './once.ts'
import { buy, cancel, findPurchase, listOrders, pay, paymentFields, purchaseFields, receive, ship } from './orders.ts'
import { methods } from './states.ts'

/** Buying and paying, and what buyers and sellers see of their orders. */
export function orderRoutes(): Router {
  const router = Router({ strict: true })

  router
    .route('/buy/:id')
    .post(signedIn, async (request, response) => {
      const book = idIn(request)
      const { data } = purchaseFields.safeParse(request.body)
      if (data === undefined) throw new Refusal(400, 'error.form')
      const key = keyIn((request.body as { once?: unknown }).once)
      const order = await visitOf(response).write((em) => buy(em, userOf(response).id, book, data.quantity, key), {
        repeatable: key !== undefined,
      })
      response.redirect(302, `/payment/${order}`)
    })
    .all(notAllowed)

  router
    .route('/payment/:id')
    .get(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const order = await visit.read((em) => findPurchase(em, userOf(response).id, id))
      if (order.status !== 'Pending Payment') {
        response.redirect(302, `/purchases/${id}`)
        return
      }
      render(response, '/orders/pages/payment', { title: visit.t('payment.title'), order, methods })
    })
    .post(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const { data, error } = paymentFields.safeParse(request.body)
      if (error !== undefined) {
        const order = await visit.write((em) => findPurchase(em, userOf(response).id, id))
        render(response, '/orders/pages/payment', {
          status: 422,
          title: visit.t('payment.title'),
          order,
          methods,
          errors: faultsOf(error),
        })
        return
      }
      const done = await visit.write((em) => pay(em, userOf(response).id, id, data.method), { repeatable: true })
      await visit.note(
        done === 'paid' ? { kind: 'good', key: 'payment.done' } : { kind: 'info', key: 'payment.already' },
      )
      response.redirect(302, `/delivery/${id}`)
    })
    .all(notAllowed)

  router
    .route('/purchases')
    .get(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const page = await visit.read((em) =>
        listOrders(em, { user: userOf(response).id }, before(request.query['before'])),
      )
      render(response, '/orders/pages/purchases', { title: visit.t('purchases.title'), ...page })
    })
    .all(notAllowed)

  router
    .route('/purchases/:id')
    .get(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const { order, assignment } = await visit.read(async (em) => ({
        order: await findPurchase(em, userOf(response).id, id),
        assignment: await findAssignment(em, id),
      }))
      render(response, '/orders/pages/purchase', { title: visit.t('order.title', { id }), order, assignment })
    })
    .all(notAllowed)

  router
    .route('/sales')
    .get(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const page = await visit.read((em) =>
        listOrders(em, { seller: userOf(response).id }, before(request.query['before'])),
      )
      render(response, '/orders/pages/sales', { title: visit.t('sales.title'), ...page })
    })
    .all(notAllowed)

  const step = (
    work: (em: EntityManager, user: number, id: number) => Promise<void>,
    key: MessageKey,
    to: (id: number) => string,
  ): RequestHandler => {
    return async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      await visit.write((em) => work(em, userOf(response).id, id), { repeatable: true })
      await visit.note({ kind: 'good', key })
      response.redirect(302, to(id))
    }
  }
  const order = (id: number): string => `/purchases/${id}`
  router
    .route('/purchases/:id/cancel')
    .post(signedIn, step(cancel, 'order.cancelled', order))
    .all(notAllowed)
  router
    .route('/purchases/:id/receive')
    .post(signedIn, step(receive, 'order.received', order))
    .all(notAllowed)
  router
    .route('/sales/:id/ship')
    .post(
      signedIn,
      step(ship, 'order.shipped', () => '/sales'),
    )
    .all(notAllowed)

  return router
}

function before(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}
