import express, { type Express } from 'express'
import { accountRoutes } from './accounts/routes.ts'
import { adminRoutes } from './admin/routes.ts'
import { apiRoutes } from './api/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import type { Config } from './config.ts'
import { deliveryRoutes } from './delivery/routes.ts'
import { arrive, reads } from './http/arrive.ts'
import { bounded, refuseHuge } from './http/bodies.ts'
import { answerErrors } from './http/errors.ts'
import { files } from './http/files.ts'
import { checkToken, notAllowed, safeNext } from './http/guards.ts'
import { health, type Life } from './http/health.ts'
import { journal } from './http/journal.ts'
import { makeLimit } from './http/limits.ts'
import { isLocale } from './http/locale.ts'
import type { Log } from './http/log.ts'
import { metrics } from './http/metrics.ts'
import { Refusal, notFound } from './http/refusal.ts'
import { render } from './http/render.ts'
import { securityHeaders } from './http/security.ts'
import { makeSigner } from './http/signing.ts'
import type { Site } from './http/site.ts'
import { visitOf } from './http/visit.ts'
import { orderRoutes } from './orders/routes.ts'
import type { Database } from './orm/database.ts'

/** The application, not yet listening. `life.stopping` turns readiness off while a server drains. */
export function makeApp(config: Config, database: Database, log: Log, life: Life): Express {
  const app = express()
  const signer = makeSigner(config.signing)
  const { handler: note, idOf } = journal(log)
  const { measure, router: figures } = metrics(config, database)
  const site: Site = { config, database, log, limit: makeLimit(database), checkToken: checkToken(signer) }

  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  app.set('strict routing', true)
  app.set('query parser', 'simple')
  app.use(note, measure, securityHeaders())
  app.use((_request, response, next) => {
    // a kept-alive connection would bring requests until the very end
    if (life.stopping) response.setHeader('Connection', 'close')
    next()
  })
  app.use(health(database, life), figures, files(config.shared), refuseHuge)
  app.use(
    bounded(
      ['application/x-www-form-urlencoded'],
      express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 }),
    ),
  )
  app.use(arrive(database, signer, (response) => ({ id: idOf(response), log: log.child({ request: idOf(response) }) })))
  app.use('/api/v1', apiRoutes(site))

  // every form is checked before its route is looked for; one with a picture is checked by its route, which reads it
  app.use(async (request, response, next) => {
    if (!reads.has(request.method)) {
      if (!request.is('multipart/form-data')) await site.checkToken(request, response)
      else if (!/^\/book\/(add_book|edit_book\/\d+)$/.test(request.path)) throw new Refusal(415, 'error.badRequest')
    }
    next()
  })
  app
    .route('/')
    .get((_request, response) => render(response, '/http/pages/home', { title: visitOf(response).t('home.title') }))
    .all(notAllowed)
  app
    .route('/language')
    .post((request, response) => {
      const { language, next } = request.body as { language?: unknown; next?: unknown }
      if (isLocale(language))
        response.cookie('language', language, {
          sameSite: 'lax',
          secure: request.secure,
          maxAge: 365 * 24 * 3600 * 1000,
        })
      response.redirect(302, safeNext(next))
    })
    .all(notAllowed)
  app.use(accountRoutes(site), catalogRoutes(site), orderRoutes(), deliveryRoutes(), adminRoutes())
  app.use(() => {
    throw notFound()
  })
  app.use(answerErrors(log, idOf))
  return app
}
