import { z } from 'zod'
import { assign, deliveryFields, listProviders } from '../delivery/delivery.ts'
import { whole } from '../http/fields.ts'
import {
  buy,
  cancel,
  findPurchase,
  listOrders,
  pay,
  paymentFields,
  purchaseFields,
  receive,
  ship,
} from '../orders/orders.ts'
import { decimal } from '../orm/money.ts'
import { operation, type Operation } from './operation.ts'
import { assignedShape, madeShape, orderJson, orderShape, pageOf, paidShape, providerShape } from './shapes.ts'

const after = z.object({ after: whole(1, 999_999_999).optional().catch(undefined) })
const order = purchaseFields.extend({ book: whole(1, 999_999_999) })

const list = (path: string, id: string, summary: string, side: 'user' | 'seller'): Operation =>
  operation({
    method: 'get',
    path,
    id,
    tag: 'orders',
    summary,
    access: 'user',
    query: after,
    answer: { status: 200, schema: pageOf('OrderPage', orderShape) },
    async handle({ visit, user, query }) {
      const whose = side === 'user' ? { user: user.id } : { seller: user.id }
      const { orders, next } = await visit.read((em) => listOrders(em, whose, query.after))
      return { items: orders.map(orderJson), next: next === undefined ? null : String(next) }
    },
  })

export function orderOperations(): readonly Operation[] {
  return [
    list('/orders', 'listOrders', 'What the caller has bought', 'user'),
    list('/sales', 'listSales', 'What others have bought from the caller', 'seller'),
    operation({
      method: 'get',
      path: '/orders/{id}',
      id: 'getOrder',
      tag: 'orders',
      summary: 'One of the caller’s orders',
      access: 'user',
      answer: { status: 200, schema: orderShape },
      refusals: [404],
      handle: async ({ visit, user, id }) => orderJson(await visit.read((em) => findPurchase(em, user.id, id))),
    }),
    operation({
      method: 'post',
      path: '/orders',
      id: 'buy',
      tag: 'orders',
      summary: 'Orders copies of a book at the price it has now',
      access: 'user',
      body: order,
      once: true,
      answer: { status: 201, schema: madeShape },
      refusals: [403, 404],
      async handle({ visit, user, body, key }) {
        const work = { repeatable: key !== undefined }
        return { id: await visit.write((em) => buy(em, user.id, body.book, body.quantity, key), work) }
      },
    }),
    operation({
      method: 'post',
      path: '/orders/{id}/payment',
      id: 'pay',
      tag: 'orders',
      summary: 'Pays what the order costs; again: changes nothing',
      access: 'user',
      body: paymentFields,
      answer: { status: 200, schema: paidShape },
      refusals: [404, 409],
      handle: async ({ visit, user, id, body }) => ({
        result: await visit.write((em) => pay(em, user.id, id, body.method), { repeatable: true }),
      }),
    }),
    operation({
      method: 'post',
      path: '/orders/{id}/delivery',
      id: 'deliver',
      tag: 'delivery',
      summary: 'Chooses the courier of a paid order; again: changes nothing',
      access: 'user',
      body: deliveryFields,
      answer: { status: 200, schema: assignedShape },
      refusals: [404, 409],
      handle: async ({ visit, user, id, body }) => ({
        result: await visit.write((em) => assign(em, user.id, id, body.provider), { repeatable: true }),
      }),
    }),
    ...(
      [
        ['cancel', 'Cancels an unpaid order and gives its copies back', cancel],
        ['receive', 'Says that the order has arrived', receive],
      ] as const
    ).map(([step, summary, work]) =>
      operation({
        method: 'post',
        path: `/orders/{id}/${step}`,
        id: step,
        tag: 'orders',
        summary,
        access: 'user',
        answer: { status: 204 },
        refusals: [404, 409],
        handle: async ({ visit, user, id }) => await visit.write((em) => work(em, user.id, id), { repeatable: true }),
      }),
    ),
    operation({
      method: 'post',
      path: '/sales/{id}/ship',
      id: 'ship',
      tag: 'orders',
      summary: 'Says that the seller has sent the order',
      access: 'user',
      answer: { status: 204 },
      refusals: [404, 409],
      handle: async ({ visit, user, id }) => await visit.write((em) => ship(em, user.id, id), { repeatable: true }),
    }),
    operation({
      method: 'get',
      path: '/delivery-providers',
      id: 'listDeliveryProviders',
      tag: 'delivery',
      summary: 'The couriers',
      access: 'anybody',
      answer: { status: 200, schema: z.array(providerShape) },
      async handle({ visit }) {
        const all = await visit.read((em) => listProviders(em))
        return all.map(({ id, name, coverageArea, cost }) => ({
          id,
          name,
          coverage_area: coverageArea,
          cost: decimal(cost),
        }))
      },
    }),
  ]
}
