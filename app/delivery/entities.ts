import { defineEntity, p, type InferEntity } from '@mikro-orm/core'
import { Purchase } from '../orders/entities.ts'
import { MoneyType } from '../orm/money.ts'

export const DeliveryProvider = defineEntity({
  name: 'DeliveryProvider',
  tableName: 'delivery_provider',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string().length(100).unique('delivery_provider_name_unique'),
    coverageArea: p.string().length(150),
    cost: p.type(MoneyType),
  },
  checks: [{ name: 'delivery_provider_cost_check', expression: 'cost >= 0' }],
})
export type DeliveryProvider = InferEntity<typeof DeliveryProvider>

export const DeliveryAssignment = defineEntity({
  name: 'DeliveryAssignment',
  tableName: 'delivery_assignment',
  properties: {
    id: p.integer().primary().autoincrement(),
    purchase: () => p.oneToOne(Purchase).unique('delivery_assignment_purchase_unique'),
    provider: () => p.manyToOne(DeliveryProvider),
    /** What the courier asked when it was chosen. */
    cost: p.type(MoneyType),
    createdAt: p.datetime(3),
  },
})
export type DeliveryAssignment = InferEntity<typeof DeliveryAssignment>

/** What the original's first start put in. */
export const providers = [
  { name: 'DHL', coverageArea: 'Internacional', cost: 5000 },
  { name: 'FedEx', coverageArea: 'Internacional', cost: 4500 },
  { name: 'Envia', coverageArea: 'Nacional', cost: 2000 },
  { name: 'Servientrega', coverageArea: 'Nacional', cost: 1500 },
] as const
