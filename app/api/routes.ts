import express, { Router, type RequestHandler } from 'express'
import { mostBytes } from '../catalog/covers.ts'
import { bounded } from '../http/bodies.ts'
import { faultsOf } from '../http/fields.ts'
import { idIn, notAllowed } from '../http/guards.ts'
import { problem } from '../http/errors.ts'
import { Refusal, forbidden, notFound } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import type { Site } from '../http/site.ts'
import { visitOf } from '../http/visit.ts'
import { keyIn } from '../orders/once.ts'
import { accountOperations } from './account.ts'
import { bookOperations } from './books.ts'
import { documentOf } from './document.ts'
import type { Operation } from './operation.ts'
import { orderOperations } from './orders.ts'

/** The JSON API. It knows tokens only, no cookies, so that no other site can use a browser’s session for it. */
export function apiRoutes(site: Site): Router {
  const router = Router({ strict: true })
  const operations = [...bookOperations(site), ...orderOperations(), ...accountOperations(site)]
  const document = documentOf(operations)

  router.get('/openapi.json', (_request, response) => void response.json(document))
  router.get('/docs', (_request, response) =>
    render(response, '/api/pages/docs', { title: 'API', document, operations }),
  )
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  for (const path of new Set(operations.map((each) => each.path))) {
    const route = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'))
    for (const each of operations.filter((one) => one.path === path))
      route[each.method](...readBody(each), answer(each))
    route.all(notAllowed)
  }
  router.use(() => {
    throw notFound()
  })
  return router
}

function readBody({ body, bodyType }: Operation): readonly RequestHandler[] {
  if (bodyType !== undefined) {
    const check: RequestHandler = (request, _response, next) => {
      if (!request.is([...bodyType])) throw new Refusal(415, 'error.badRequest')
      next()
    }
    return [admit, check, bounded(bodyType, express.raw({ type: [...bodyType], limit: mostBytes }))]
  }
  if (body === undefined) return []
  const check: RequestHandler = (request, _response, next) => {
    if (!request.is('application/json')) throw new Refusal(415, 'error.badRequest')
    next()
  }
  return [check, bounded(['application/json'], express.json({ limit: '64kb' }))]
}

/** Before a large body is read. */
const admit: RequestHandler = (_request, response, next) => {
  if (visitOf(response).user === undefined) throw new Refusal(401, 'login.first')
  next()
}

function answer(each: Operation): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response)
    const { user } = visit
    if (each.access !== 'anybody' && user === undefined) {
      response.setHeader('WWW-Authenticate', 'Bearer')
      throw new Refusal(401, 'login.first')
    }
    if (each.access === 'administrator' && user?.role !== 'ADMIN') throw forbidden()
    const id = each.path.includes('{id}') ? idIn(request) : 0
    const body = each.body?.safeParse(request.body)
    if (body?.error !== undefined) {
      const fields = Object.entries(faultsOf(body.error)).map(([name, { key, values }]) => [name, visit.t(key, values)])
      problem(response, 422, visit.t('error.form'), 'error.form', visit.id, { fields: Object.fromEntries(fields) })
      return
    }
    const result = await each.handle({
      request,
      response,
      visit,
      user: user as NonNullable<typeof user>,
      id,
      query: each.query?.parse(request.query) as never,
      body: body?.data as never,
      key: keyIn(request.get('idempotency-key')),
    })
    if (each.answer.status === 204) response.status(204).end()
    else response.status(each.answer.status).json(result)
  }
}
