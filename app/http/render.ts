import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Response } from 'express'
import { decimal } from '../orm/money.ts'
import type { FieldErrors } from './fields.ts'
import type { Locale } from './locale.ts'
import { visitOf } from './visit.ts'

// `<%= %>` escapes; the raw form is used for including other templates only
const eta = new Eta({ views: fileURLToPath(new URL('..', import.meta.url)), cache: true, autoEscape: true })

export interface Page {
  readonly status?: number
  readonly title: string
  readonly errors?: FieldErrors
  readonly [more: string]: unknown
}

// Spanish as it is written where the original comes from; whole cents below 2^53 / 100 stay exact with two decimals
const amounts = {
  en: new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  es: new Intl.NumberFormat('es-CO', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
}

/** An amount as people write it: $1,234.50 or $1.234,50. */
export function shownMoney(locale: Locale, cents: number): string {
  return `$${amounts[locale].format(cents / 100)}`
}

/** Sends a page in the layout. */
export function render(response: Response, template: string, { status = 200, errors = {}, ...page }: Page): void {
  const visit = visitOf(response)
  const html = eta.render(template, {
    ...page,
    errors,
    t: visit.t,
    locale: visit.locale,
    user: visit.user,
    csrf: visit.csrf,
    notes: visit.notes,
    // where the language form leads back to
    path: response.req.method === 'GET' ? response.req.originalUrl : '/book/catalog',
    money: (cents: number) => shownMoney(visit.locale, cents),
    plain: decimal,
    date: (when: Date) =>
      `${when.toLocaleString(visit.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })} UTC`,
    once: randomUUID,
  })
  // what is shown depends on the cookie
  response.setHeader('Cache-Control', 'private, no-cache')
  response.status(status).type('html').send(html)
}
