import { timingSafeEqual } from 'node:crypto'
import { Router, type Request, type RequestHandler } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../orm/database.ts'

/** What Prometheus asks for, and the handler that times every request. */
export function metrics(
  config: Config,
  database: Database,
): { readonly measure: RequestHandler; readonly router: Router } {
  const register = new Registry()
  register.setDefaultLabels({ instance_id: config.instance })
  collectDefaultMetrics({ register })
  const registers = [register]
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const servers = () => [database.writer(), ...database.readers()]
  const seen = new Map<string, number>()
  void new Counter({
    name: 'bookstore_statements_total',
    help: 'Statements sent to each server',
    labelNames: ['server'],
    registers,
    collect() {
      for (const { name, statements } of servers()) {
        this.inc({ server: name }, statements - (seen.get(name) ?? 0))
        seen.set(name, statements)
      }
    },
  })
  void new Gauge({
    name: 'bookstore_pool_connections',
    help: 'Open connections to each server',
    labelNames: ['server'],
    registers,
    collect() {
      for (const { name, connections } of servers()) this.set({ server: name }, connections)
    },
  })
  void new Gauge({
    name: 'bookstore_reader_up',
    help: '1: in use, 0: gone or too far behind',
    labelNames: ['server'],
    registers,
    collect() {
      for (const { name, state } of database.readers()) this.set({ server: name }, state === 'up' ? 1 : 0)
    },
  })
  void new Gauge({
    name: 'bookstore_reader_lag_seconds',
    help: 'How far a reader is behind the writer',
    labelNames: ['server'],
    registers,
    collect() {
      for (const { name, lag } of database.readers()) if (lag !== undefined) this.set({ server: name }, lag)
    },
  })
  const measure: RequestHandler = (request, response, next) => {
    const end = duration.startTimer({ method: request.method })
    response.once('close', () => {
      const path = (request.route as { path?: unknown } | undefined)?.path
      // the pattern of the route, not the address: numbers and searches would make endless series
      end({ route: typeof path === 'string' ? request.baseUrl + path : 'none', status: String(response.statusCode) })
    })
    next()
  }
  const router = Router({ strict: true })
  router.get('/metrics', async (request, response, next) => {
    if (!allowed(request, config)) {
      next()
      return
    }
    response.type(register.contentType).send(await register.metrics())
  })
  return { measure, router }
}

/** With the token, or, where none is set, in development only: the figures are nobody's business outside. */
function allowed(request: Request, { metricsToken, environment }: Config): boolean {
  if (metricsToken === undefined) return environment === 'development'
  const given = Buffer.from(request.get('authorization') ?? '')
  const want = Buffer.from(`Bearer ${metricsToken}`)
  return given.length === want.length && timingSafeEqual(given, want)
}
