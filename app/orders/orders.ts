import { z } from 'zod'
import { Book } from '../catalog/entities.ts'
import { whole } from '../http/fields.ts'
import { Refusal, notFound } from '../http/refusal.ts'
import type { EntityManager } from '../orm/database.ts'
import { relative } from '../orm/relative.ts'
import { Payment, Purchase } from './entities.ts'
import { once } from './once.ts'
import { methods, steps, type Method, type Step } from './states.ts'

export const purchaseFields = z.object({ quantity: whole(1, 1000) })
export const paymentFields = z.object({ method: z.enum(methods, 'invalid.choice') })

/**
 * Orders a book and takes its copies, in the transaction that is under way. The statement that takes them is also the check whether
 * there are so many: however many buy at the same time, the database lets each copy go once.
 */
export async function buy(
  em: EntityManager,
  buyer: number,
  book: number,
  quantity: number,
  key: string | undefined,
): Promise<number> {
  return await once(em, `buy:${buyer}`, key, async () => {
    const taken = await em.nativeUpdate(
      Book,
      { id: book, listed: true, seller: { $ne: buyer }, stock: { $gte: quantity } },
      { stock: relative('stock - ?', quantity) },
    )
    // read after its row was locked: the price cannot change any more
    const found = await em.findOne(Book, { id: book, listed: true }, { refresh: true })
    if (found === null) throw notFound()
    if (found.seller.id === buyer) throw new Refusal(403, 'order.own')
    if (taken === 0) throw new Refusal(400, 'order.noStock')
    const now = new Date()
    return await em.insert(Purchase, {
      user: buyer,
      book,
      seller: found.seller.id,
      title: found.title,
      author: found.author,
      unitPrice: found.price,
      quantity,
      totalPrice: found.price * quantity,
      status: 'Pending Payment',
      createdAt: now,
      updatedAt: now,
    })
  })
}

/** Takes an order one step further, if it is in the state that the step begins in. */
async function go(
  em: EntityManager,
  step: Step,
  whose: { id: number; user?: number; seller?: number },
): Promise<boolean> {
  const { from, to } = steps[step]
  return (await em.nativeUpdate(Purchase, { ...whose, status: from }, { status: to, updatedAt: new Date() })) === 1
}

/** The order, if it is this buyer’s: of others nobody learns even that they exist. */
export async function findPurchase(em: EntityManager, buyer: number, id: number): Promise<Purchase> {
  const found = await em.findOne(Purchase, { id, user: buyer }, { refresh: true })
  if (found === null) throw notFound()
  return found
}

/** Pays what the order costs. Sent twice it pays once. */
export async function pay(em: EntityManager, buyer: number, id: number, method: Method): Promise<'paid' | 'already'> {
  const moved = await go(em, 'pay', { id, user: buyer })
  const purchase = await findPurchase(em, buyer, id)
  if (!moved) {
    if (['Paid', 'Shipped', 'Delivered'].includes(purchase.status)) return 'already'
    throw new Refusal(409, 'payment.notPayable')
  }
  await em.insert(Payment, {
    purchase: id,
    amount: purchase.totalPrice,
    paymentMethod: method,
    paymentStatus: 'Paid',
    createdAt: new Date(),
  })
  return 'paid'
}

/** Gives the copies of an unpaid order back. Whoever comes second changes nothing. */
export async function cancel(em: EntityManager, buyer: number, id: number): Promise<void> {
  const moved = await go(em, 'cancel', { id, user: buyer })
  const purchase = await findPurchase(em, buyer, id)
  if (moved) await giveBack(em, purchase)
  else if (purchase.status !== 'Cancelled') throw new Refusal(409, 'order.notNow')
}

/** Ends an order that was not paid in time. */
export async function expire(em: EntityManager, id: number): Promise<boolean> {
  if (!(await go(em, 'expire', { id }))) return false
  await giveBack(em, await em.findOneOrFail(Purchase, id))
  return true
}

async function giveBack(em: EntityManager, { book, quantity }: Purchase): Promise<void> {
  await em.nativeUpdate(Book, { id: book.id }, { stock: relative('stock + ?', quantity) })
}

export async function ship(em: EntityManager, seller: number, id: number): Promise<void> {
  if (await go(em, 'ship', { id, seller })) return
  const found = await em.findOne(Purchase, { id, seller })
  if (found === null) throw notFound()
  if (found.status !== 'Shipped') throw new Refusal(409, 'order.notNow')
}

export async function receive(em: EntityManager, buyer: number, id: number): Promise<void> {
  if (await go(em, 'receive', { id, user: buyer })) return
  const found = await findPurchase(em, buyer, id)
  if (found.status !== 'Delivered') throw new Refusal(409, 'order.notNow')
}

export const pageSize = 20

export interface OrderPage {
  readonly orders: readonly Purchase[]
  readonly next: number | undefined
}

/** A page of somebody’s purchases or sales, newest first; `before`: the last order of the page before. */
export async function listOrders(
  em: EntityManager,
  whose: { user: number } | { seller: number },
  before: number | undefined,
): Promise<OrderPage> {
  const found = await em.find(
    Purchase,
    { ...whose, ...(before !== undefined && { id: { $lt: before } }) },
    { orderBy: { id: 'desc' }, limit: pageSize + 1, ...('seller' in whose && { populate: ['user'] as never[] }) },
  )
  const orders = found.slice(0, pageSize)
  return { orders, next: found.length > pageSize ? orders.at(-1)?.id : undefined }
}
