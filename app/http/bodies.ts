import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import { mostBytes } from '../catalog/covers.ts'
import { Refusal } from './refusal.ts'

/** The greatest body of any request, in bytes: a picture and what stands beside it in its form. */
export const greatest = mostBytes + 512 * 1024

/** How long the rest of a body that was refused is thrown away before the connection is broken, in milliseconds. */
const patience = 5000

function isTooLarge(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > greatest
}

/** Before anything is read or looked up. */
export const refuseHuge: RequestHandler = (request, _response, next) => {
  next(isTooLarge(request) ? new Refusal(413, 'error.tooLarge') : undefined)
}

/** A client that asks first whether it may send (Expect: 100-continue) is told no instead (RFC 9110, 10.1.1). */
export function answerExpectations(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!isTooLarge(request)) response.writeContinue()
    server.emit('request', request, response)
  })
}

/**
 * A parser of bodies of these types that is stopped when more than the greatest has come of a body that did not say how long it is. Parsers tell that a body is
 * too large only after they have read all of it.
 */
export function bounded(types: readonly string[], parse: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (!request.is([...types])) {
      next()
      return
    }
    let read = 0
    let gone = false
    const go = (error?: unknown): void => {
      if (gone) return
      gone = true
      request.off('data', count)
      next(error)
    }
    const count = (chunk: Buffer): void => {
      read += chunk.length
      if (read > greatest) go(new Refusal(413, 'error.tooLarge'))
    }
    // where there is a length it has been judged, and is kept to by Node's parser
    if (request.headers['transfer-encoding'] !== undefined) request.on('data', count)
    void parse(request, response, go)
  }
}

/**
 * The answer is given though the body has not been read. The client is told that the connection ends; what it still sends is thrown
 * away for a while, since closing at once would break the connection before the answer has been read (RFC 9112, 9.6).
 */
export function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  const { headers, socket } = request
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || request.complete || response.headersSent) return
  response.setHeader('Connection', 'close')
  const destroy = socket.destroySoon.bind(socket)
  // what Node calls when the answer has been given
  socket.destroySoon = () => {
    socket.end()
    request.resume()
    const late = setTimeout(() => socket.destroy(), patience)
    socket.once('close', () => clearTimeout(late))
    request.once('end', destroy)
  }
}
