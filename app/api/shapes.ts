import { z } from 'zod'
import { states } from '../orders/states.ts'
import type { Purchase } from '../orders/entities.ts'
import { decimal } from '../orm/money.ts'
import type { Shown } from '../catalog/listing.ts'

// what the API answers; money is text with two decimals, so that no client sums floats by accident

const money = z.string().meta({ pattern: '^\\d+\\.\\d{2}$', examples: ['12.50'] })
const id = z.int().min(1)

export const bookShape = z
  .object({
    id,
    title: z.string(),
    author: z.string(),
    description: z.string().optional(),
    price: money,
    stock: z.int().min(0),
    seller: id,
    cover: z.string().nullable().meta({ description: 'Address of the picture.' }),
    version: z.int().min(1).optional(),
  })
  .meta({ id: 'Book' })

export const orderShape = z
  .object({
    id,
    book: id,
    title: z.string(),
    author: z.string(),
    buyer: id,
    seller: id,
    quantity: z.int().min(1),
    unit_price: money,
    total_price: money,
    status: z.enum(states),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Order' })

export const providerShape = z
  .object({ id, name: z.string(), coverage_area: z.string(), cost: money })
  .meta({ id: 'DeliveryProvider' })
export const userShape = z
  .object({ id, name: z.string(), email: z.string(), role: z.enum(['USER', 'ADMIN']) })
  .meta({ id: 'User' })
export const tokenShape = z.object({ token: z.string(), expires_in: z.int() }).meta({ id: 'Token' })
export const madeShape = z.object({ id }).meta({ id: 'Made' })
export const paidShape = z.object({ result: z.enum(['paid', 'already']) }).meta({ id: 'PaymentResult' })
export const assignedShape = z.object({ result: z.enum(['assigned', 'already']) }).meta({ id: 'DeliveryResult' })

export const problemShape = z
  .object({
    type: z.string(),
    status: z.int(),
    title: z.string(),
    code: z.string(),
    request: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' })

const page = (item: z.ZodType) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'For `after` of the next call.' }),
  })

export function pageOf(name: string, item: z.ZodType): z.ZodType {
  return page(item).meta({ id: name })
}

export const foundShape = page(bookShape)
  .extend({
    looked_through: z
      .int()
      .optional()
      .meta({ description: 'Very many books match: only among so many the page was looked for. Add a word.' }),
  })
  .meta({ id: 'FoundBooks' })

export function bookJson(book: Shown & { readonly version?: number }): object {
  return {
    id: book.id,
    title: book.title,
    author: book.author,
    ...(book.description !== undefined && { description: book.description ?? '' }),
    price: decimal(book.price),
    stock: book.stock,
    seller: book.seller.id,
    cover: book.cover ? `/covers/${book.cover}` : null,
    ...(book.version !== undefined && { version: book.version }),
  }
}

export function orderJson(order: Purchase): object {
  return {
    id: order.id,
    book: order.book.id,
    title: order.title,
    author: order.author,
    buyer: order.user.id,
    seller: order.seller.id,
    quantity: order.quantity,
    unit_price: decimal(order.unitPrice),
    total_price: decimal(order.totalPrice),
    status: order.status,
    created_at: order.createdAt.toISOString(),
  }
}
