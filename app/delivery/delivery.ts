import { z } from 'zod'
import { whole } from '../http/fields.ts'
import { Refusal } from '../http/refusal.ts'
import { findPurchase } from '../orders/orders.ts'
import type { EntityManager } from '../orm/database.ts'
import { DeliveryAssignment, DeliveryProvider } from './entities.ts'
import { Purchase } from '../orders/entities.ts'
import { LockMode } from '@mikro-orm/core'

export const deliveryFields = z.object({ provider: whole(1, 999_999_999) })

export async function listProviders(em: EntityManager): Promise<DeliveryProvider[]> {
  return await em.find(DeliveryProvider, {}, { orderBy: { id: 'asc' } })
}

export async function findAssignment(em: EntityManager, purchase: number) {
  return await em.findOne(DeliveryAssignment, { purchase }, { populate: ['provider'] })
}

/** Chooses the courier of a paid order, once. */
export async function assign(
  em: EntityManager,
  buyer: number,
  id: number,
  provider: number,
): Promise<'assigned' | 'already'> {
  // locked: of two that choose at the same time the second sees the first
  await em.findOne(Purchase, { id, user: buyer }, { lockMode: LockMode.PESSIMISTIC_WRITE })
  const purchase = await findPurchase(em, buyer, id)
  if ((await em.count(DeliveryAssignment, { purchase: id })) > 0) return 'already'
  if (purchase.status !== 'Paid')
    throw new Refusal(409, purchase.status === 'Pending Payment' ? 'delivery.notPaid' : 'order.notNow')
  const chosen = await em.findOne(DeliveryProvider, provider)
  if (chosen === null) throw new Refusal(422, 'invalid.choice')
  await em.insert(DeliveryAssignment, { purchase: id, provider, cost: chosen.cost, createdAt: new Date() })
  return 'assigned'
}
