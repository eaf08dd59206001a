import type { ErrorRequestHandler, Request, Response } from 'express'
import { Unavailable } from '../orm/failures.ts'
import { leaveUnread } from './bodies.ts'
import { localeOf, translator } from './locale.ts'
import type { MessageKey } from './locales/en.ts'
import type { Log } from './log.ts'
import { Refusal } from './refusal.ts'
import { render } from './render.ts'
import { begin, visitIfAny, type Visit } from './visit.ts'

/** The last handler: whatever went wrong becomes an answer that says what, in the form that was asked for. */
export function answerErrors(log: Log, idOf: (response: Response) => string): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      request.socket.destroy()
      return
    }
    leaveUnread(request, response)
    const id = idOf(response)
    const { status, key } = meaning(error)
    if (status >= 500) log.error({ request: id, err: error }, 'a request failed')
    const visit = visitIfAny(response) ?? withoutVisit(request, response, id, log)
    const message = visit.t(key, { id })
    if (status === 503) response.setHeader('Retry-After', '5')
    if (status === 429) response.setHeader('Retry-After', '60')
    if (request.path.startsWith('/api/')) problem(response, status, message, key, id)
    else
      render(response, '/http/pages/error', {
        status,
        title: visit.t(status === 404 ? 'error.missing' : 'error.title'),
        message,
      })
  }
}

/** RFC 9457. */
export function problem(
  response: Response,
  status: number,
  detail: string,
  code: string,
  id: string,
  more: object = {},
): void {
  response.status(status).type('application/problem+json')
  response.send(JSON.stringify({ type: 'about:blank', status, title: detail, code, request: id, ...more }))
}

function meaning(error: unknown): { readonly status: number; readonly key: MessageKey } {
  if (error instanceof Refusal) return error
  if (error instanceof Unavailable)
    return { status: 503, key: error.unknownOutcome ? 'error.unknownOutcome' : 'error.unavailable' }
  // what Express and its parsers throw
  const status = (error as { status?: unknown } | null)?.status
  if (status === 413) return { status, key: 'error.tooLarge' }
  if (status === 404) return { status, key: 'error.notFound' }
  if (typeof status === 'number' && status >= 400 && status < 500) return { status, key: 'error.badRequest' }
  return { status: 500, key: 'error.server' }
}

/** It went wrong before it was known who asks. */
function withoutVisit(request: Request, response: Response, id: string, log: Log): Visit {
  const locale = localeOf(request, undefined)
  const none = async (): Promise<never> => {
    throw new Error('there is no visit')
  }
  const visit: Visit = {
    id,
    log,
    locale,
    t: translator(locale),
    user: undefined,
    session: undefined,
    csrf: '',
    notes: [],
    read: none,
    write: none,
    note: none,
  }
  begin(response, visit)
  return visit
}
