import { defineEntity, p, type InferEntity } from '@mikro-orm/core'
import { User } from '../accounts/entities.ts'
import { Book } from '../catalog/entities.ts'
import { MoneyType } from '../orm/money.ts'
import { methods, states, type Method, type State } from './states.ts'

const among = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ')

export const Purchase = defineEntity({
  name: 'Purchase',
  tableName: 'purchase',
  properties: {
    id: p.integer().primary().autoincrement(),
    user: () => p.manyToOne(User).index(false),
    book: () => p.manyToOne(Book),
    seller: () => p.manyToOne(User).index(false),
    // as they were when the order was made: later edits of the book do not change what was bought
    title: p.string().length(150),
    author: p.string().length(100),
    unitPrice: p.type(MoneyType),
    quantity: p.integer(),
    totalPrice: p.type(MoneyType),
    status: p.string().$type<State>().length(50),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
  indexes: [
    { name: 'purchase_user_index', properties: ['user', 'id'] },
    { name: 'purchase_seller_index', properties: ['seller', 'id'] },
    { name: 'purchase_unpaid_index', properties: ['status', 'createdAt'] },
  ],
  checks: [
    { name: 'purchase_quantity_check', expression: 'quantity between 1 and 1000' },
    { name: 'purchase_status_check', expression: `status in (${among(states)})` },
    { name: 'purchase_total_check', expression: 'abs(total_price - unit_price * quantity) < 0.005' },
  ],
})
export type Purchase = InferEntity<typeof Purchase>

export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: p.integer().primary().autoincrement(),
    purchase: () => p.oneToOne(Purchase).unique('payment_purchase_unique'),
    amount: p.type(MoneyType),
    paymentMethod: p.string().$type<Method>().length(50),
    paymentStatus: p.string().length(50).default('Paid'),
    createdAt: p.datetime(3),
  },
  checks: [{ name: 'payment_method_check', expression: `payment_method in (${among(methods)})` }],
})
export type Payment = InferEntity<typeof Payment>

/** One filled-in form, or one Idempotency-Key: sent twice, it is done once. */
export const Submission = defineEntity({
  name: 'Submission',
  tableName: 'submission',
  properties: {
    digest: p.string().length(64).primary(),
    /** What came of it, for example the number of the order. */
    result: p.integer().nullable(),
    createdAt: p.datetime(3).index('submission_created_at_index'),
  },
})
