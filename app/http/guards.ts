import type { Request, RequestHandler, Response } from 'express'
import { cookieName, cookiesOf } from './cookies.ts'
import { Refusal, forbidden, notFound } from './refusal.ts'
import type { Signer } from './signing.ts'
import { visitOf, type SignedIn } from './visit.ts'

/** Lets in who is logged in; sends others to the login page, and from there back to where they wanted to go. */
export const signedIn: RequestHandler = async (request, response, next) => {
  const visit = visitOf(response)
  if (visit.user !== undefined) {
    next()
    return
  }
  await visit.note({ kind: 'info', key: 'login.first' })
  // a form that was sent is lost: back to the page it was on is not possible, the catalogue is
  const wanted = request.method === 'GET' || request.method === 'HEAD' ? request.originalUrl : '/book/catalog'
  response.redirect(302, `/login?next=${encodeURIComponent(wanted)}`)
}

export const administrator: RequestHandler = (_request, response, next) => {
  if (visitOf(response).user?.role !== 'ADMIN') throw forbidden()
  next()
}

export function userOf(response: Response): SignedIn {
  const { user } = visitOf(response)
  if (user === undefined) throw new Error('the route is not guarded')
  return user
}

/** The number in a path; whatever is none leads nowhere. */
export function idIn(request: Request, name = 'id'): number {
  const text = String(request.params[name])
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound()
  return Number(text)
}

/** Checks that a form is one of ours: its token is bound to the browser and to the session (OWASP: signed double submit). */
export function checkToken(signer: Signer): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    const visit = visitOf(response)
    const visitor = cookiesOf(request).get(cookieName(request, 'visitor')) ?? ''
    const given = (request.body as { _csrf?: unknown } | undefined)?._csrf
    const site = request.get('sec-fetch-site')
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
    const right =
      typeof given === 'string' &&
      visitor !== '' &&
      (await signer.verify('csrf', `${visitor}:${visit.session ?? ''}`, given))
    if (foreign || !right) throw new Refusal(403, 'error.csrf')
  }
}

/** The last handler of a route: the address exists, but not for this method. */
export const notAllowed: RequestHandler = (request, response) => {
  const methods = Object.keys((request.route as { methods?: Record<string, boolean> }).methods ?? {})
  const allow = methods.filter((name) => name !== '_all').map((name) => name.toUpperCase())
  if (allow.includes('GET')) allow.push('HEAD')
  response.setHeader('Allow', [...allow, 'OPTIONS'].join(', '))
  if (request.method === 'OPTIONS') {
    response.status(204).end()
    return
  }
  throw new Refusal(405, 'error.method')
}

/** Only a path of this very site: "//elsewhere" and "\\elsewhere" are addresses of others. */
export function safeNext(text: unknown): string {
  return typeof text === 'string' && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(text) ? text : '/book/catalog'
}
