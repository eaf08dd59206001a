import express, { type Express } from 'express'
import type { Config } from './config.ts'

/** The application, not yet listening; `stopping` turns readiness off while a server drains. */
export function makeApp(config: Config, state: { stopping: boolean }): Express {
  const app = express()
  app.disable('x-powered-by')
  app.get('/', (_request, response) => {
    response.type('html').send('<!doctype html><html lang="en"><title>Bookstore</title><h1>Bookstore</h1></html>')
  })
  // alive: the process answers. Ready: it should get requests
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', (_request, response) => {
    const ready = !state.stopping
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'stopping', database: config.database ? 'configured' : 'none' })
  })
  return app
}
