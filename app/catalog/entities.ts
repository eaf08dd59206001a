import { defineEntity, p, type InferEntity } from '@mikro-orm/core'
import { User } from '../accounts/entities.ts'
import { MoneyType } from '../orm/money.ts'

export const Book = defineEntity({
  name: 'Book',
  tableName: 'book',
  properties: {
    id: p.integer().primary().autoincrement(),
    title: p.string().length(150),
    author: p.string().length(100),
    description: p.text().nullable(),
    price: p.type(MoneyType),
    stock: p.integer().default(0),
    seller: () => p.manyToOne(User).index(false),
    /** The name of the picture in the shared folder. */
    cover: p.string().length(80).nullable(),
    /** Counts the seller's edits: an edit made from an old page is refused. A sale does not count. */
    version: p.integer().default(1),
    /** False: taken out of the catalogue, while orders still name it. The leading column of the catalogue's indexes. */
    listed: p.boolean().default(true),
    createdAt: p.datetime(3),
  },
  indexes: [
    { name: 'book_listed_index', properties: ['listed', 'id'] },
    { name: 'book_title_index', properties: ['listed', 'title', 'id'] },
    { name: 'book_price_index', properties: ['listed', 'price', 'id'] },
    { name: 'book_seller_index', properties: ['seller', 'listed', 'id'] },
    { name: 'book_search_index', properties: ['title', 'author'], type: 'fulltext' },
  ],
  checks: [
    { name: 'book_stock_check', expression: 'stock >= 0' },
    { name: 'book_price_check', expression: 'price >= 0' },
  ],
})
export type Book = InferEntity<typeof Book>
