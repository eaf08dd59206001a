import { Router, type Request, type Response } from 'express'
import { faultsOf } from '../http/fields.ts'
import { cookieName, cookiesOf, dropCookie, setCookie } from '../http/cookies.ts'
import { notAllowed, safeNext, signedIn } from '../http/guards.ts'
import { Refusal } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import type { Site } from '../http/site.ts'
import { visitOf } from '../http/visit.ts'
import { credentials, digestPassword, findLogin, identify, register, registration } from './accounts.ts'
import { closeSession, lifetime, openSession } from './sessions.ts'

/** Registering, logging in and out. */
export function accountRoutes({ config, limit }: Site): Router {
  const router = Router({ strict: true })
  const { loginPerMinute, writesPerMinute } = config.limits

  const loginPage = (request: Request, response: Response, failed = false): void => {
    const { t } = visitOf(response)
    render(response, '/accounts/pages/login', {
      status: failed ? 401 : 200,
      title: t('login.title'),
      failed,
      email: failed ? String((request.body as { email?: unknown }).email ?? '').slice(0, 150) : '',
      next: safeNext(request.query['next'] ?? (request.body as { next?: unknown } | undefined)?.next),
    })
  }

  router
    .route('/login')
    .get((request, response) => loginPage(request, response))
    .post(async (request, response) => {
      const visit = visitOf(response)
      const { data } = credentials.safeParse(request.body)
      await limit(`login:address:${request.ip}`, loginPerMinute * 3)
      if (data !== undefined) await limit(`login:account:${data.email}`, loginPerMinute)
      const known = data && (await visit.read((em) => findLogin(em, data.email)))
      const id = data && (await identify(known, data.password))
      if (id === undefined) {
        loginPage(request, response, true)
        return
      }
      const token = await visit.write((em) => openSession(em, id))
      setCookie(request, response, 'session', token, lifetime)
      response.redirect(302, safeNext((request.body as { next?: unknown }).next))
    })
    .all(notAllowed)

  router
    .route('/register')
    .get((_request, response) => {
      render(response, '/accounts/pages/register', { title: visitOf(response).t('register.title'), values: {} })
    })
    .post(async (request, response) => {
      const visit = visitOf(response)
      await limit(`register:${request.ip}`, writesPerMinute)
      const { data, error } = registration.safeParse(request.body)
      const again = (status: number, errors: ReturnType<typeof faultsOf>): void =>
        render(response, '/accounts/pages/register', {
          status,
          title: visit.t('register.title'),
          errors,
          values: request.body as object,
        })
      if (error !== undefined) {
        again(422, faultsOf(error))
        return
      }
      const digest = await digestPassword(data.password)
      try {
        await visit.write((em) => register(em, data, digest))
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal
        again(refusal.status, { email: { key: refusal.key, values: {} } })
        return
      }
      await visit.note({ kind: 'good', key: 'register.done' })
      response.redirect(302, '/login')
    })
    .all(notAllowed)

  // asks first: a picture on another site must not log anybody out
  router
    .route('/logout')
    .get(signedIn, (_request, response) => {
      render(response, '/accounts/pages/logout', { title: visitOf(response).t('logout.title') })
    })
    .post(async (request, response) => {
      const visit = visitOf(response)
      const { session } = visit
      if (session !== undefined) await visit.write((em) => closeSession(em, session), { repeatable: true })
      if (cookiesOf(request).has(cookieName(request, 'session'))) dropCookie(request, response, 'session')
      await visit.note({ kind: 'info', key: 'logout.done' })
      response.redirect(302, '/login')
    })
    .all(notAllowed)

  return router
}
