import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Response } from 'express'
import { decimal } from '../orm/money.ts'
import type { FieldErrors } from './fields.ts'
import { visitOf } from './visit.ts'

// `<%= %>` escapes; the raw form is used for including other templates only
const eta = new Eta({ views: fileURLToPath(new URL('..', import.meta.url)), cache: true, autoEscape: true })

export interface Page {
  readonly status?: number
  readonly title: string
  readonly errors?: FieldErrors
  readonly [more: string]: unknown
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
    money: (cents: number) => `$${decimal(cents)}`,
    plain: decimal,
    date: (when: Date) =>
      when.toLocaleString(visit.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }),
    once: randomUUID,
  })
  // what is shown depends on the cookie
  response.setHeader('Cache-Control', 'private, no-cache')
  response.status(status).type('html').send(html)
}
