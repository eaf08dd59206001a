import { Router, type Response } from 'express'
import { faultsOf, type FieldErrors } from '../http/fields.ts'
import { idIn, notAllowed, signedIn, userOf } from '../http/guards.ts'
import { Refusal } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import { visitOf } from '../http/visit.ts'
import { findPurchase } from '../orders/orders.ts'
import { assign, deliveryFields, findAssignment, listProviders } from './delivery.ts'

/** Choosing who brings an order. */
export function deliveryRoutes(): Router {
  const router = Router({ strict: true })

  const page = async (response: Response, id: number, errors?: FieldErrors): Promise<void> => {
    const visit = visitOf(response)
    const found = await visit.read(async (em) => ({
      order: await findPurchase(em, userOf(response).id, id),
      assignment: await findAssignment(em, id),
      providers: await listProviders(em),
    }))
    if (found.assignment !== null) {
      response.redirect(302, `/purchases/${id}`)
      return
    }
    const status = errors === undefined ? 200 : 422
    render(response, '/delivery/pages/choose', {
      status,
      title: visit.t('delivery.title'),
      ...found,
      ...(errors && { errors }),
    })
  }

  router
    .route('/delivery/:id')
    .get(signedIn, async (request, response) => await page(response, idIn(request)))
    .post(signedIn, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const { data, error } = deliveryFields.safeParse(request.body)
      if (error !== undefined) {
        await page(response, id, faultsOf(error))
        return
      }
      try {
        const done = await visit.write((em) => assign(em, userOf(response).id, id, data.provider), { repeatable: true })
        await visit.note(
          done === 'assigned' ? { kind: 'good', key: 'delivery.done' } : { kind: 'info', key: 'delivery.already' },
        )
      } catch (refusal) {
        if (!(refusal instanceof Refusal) || refusal.status !== 422) throw refusal
        await page(response, id, { provider: { key: refusal.key, values: {} } })
        return
      }
      response.redirect(302, '/book/catalog')
    })
    .all(notAllowed)

  return router
}
