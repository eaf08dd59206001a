import type { RequestHandler, Response } from 'express'
import { requestId } from './arrive.ts'
import type { Log } from './log.ts'

/** Gives every request its id, and writes a line when it has been answered. Paths only: what people search for stays theirs. */
export function journal(log: Log): { readonly handler: RequestHandler; idOf(response: Response): string } {
  const ids = new WeakMap<Response, string>()
  const handler: RequestHandler = (request, response, next) => {
    const id = requestId(request)
    ids.set(response, id)
    response.setHeader('X-Request-Id', id)
    const begun = performance.now()
    const { method, path, ip } = request
    response.once('close', () => {
      const level = path === '/healthz' || path === '/readyz' || path === '/metrics' ? 'debug' : 'info'
      log[level](
        {
          request: id,
          method,
          path,
          ip,
          status: response.statusCode,
          ms: Math.round((performance.now() - begun) * 10) / 10,
          ...(!response.writableFinished && { aborted: true }),
        },
        'request',
      )
    })
    next()
  }
  return { handler, idOf: (response) => ids.get(response) ?? '' }
}
