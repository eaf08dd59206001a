import { randomBytes, randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { findSession, type Found } from '../accounts/sessions.ts'
import type { Database } from '../orm/database.ts'
import type { Pin } from '../orm/position.ts'
import { cookieName, cookiesOf, dropCookie, seal, setCookie, unseal } from './cookies.ts'
import { localeOf, translator } from './locale.ts'
import type { Log } from './log.ts'
import type { Signer } from './signing.ts'
import { begin, type Note, type SignedIn } from './visit.ts'

export const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The id of a request: what a proxy gave it, if that is plain, or a new one. */
export function requestId(request: Request): string {
  const given = request.get('x-request-id') ?? ''
  return /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}

/** Finds out who asks and what he has written lately, before anything is done for him. */
export function arrive(
  database: Database,
  signer: Signer,
  log: (response: Response) => { id: string; log: Log },
): RequestHandler {
  return async (request, response, next) => {
    const cookies = cookiesOf(request)
    const cookie = (name: string): string | undefined => cookies.get(cookieName(request, name))
    const isApi = request.path.startsWith('/api/')
    const pin = await unseal<Pin>(signer, 'pin', request.get('read-after') ?? cookie('after'))
    const token = isApi ? bearer(request) : cookie('session')
    const found = token === undefined ? undefined : await lookUp(database, request, pin, token)
    const { id, log: logger } = log(response)
    const locale = localeOf(request, cookies.get('language'))
    const browser = isApi ? '' : visitor(request, response, cookie('visitor'))
    const notes = (reads.has(request.method) && (await unseal<Note[]>(signer, 'notes', cookie('notes')))) || []
    if (notes.length > 0) dropCookie(request, response, 'notes')
    const said: Note[] = []
    begin(response, {
      id,
      log: logger,
      locale,
      t: translator(locale),
      user: found?.user as SignedIn | undefined,
      session: found?.digest,
      csrf: isApi ? '' : await signer.sign('csrf', `${browser}:${found?.digest ?? ''}`),
      notes,
      read: async (work) => await database.read(pin, work),
      async write(work, options) {
        const { value, pin: after } = await database.write(work, options)
        if (after !== undefined) {
          const sealed = await seal(signer, 'pin', after)
          if (isApi) response.setHeader('Read-After', sealed)
          else setCookie(request, response, 'after', sealed, Math.ceil((after.until - Date.now()) / 1000))
        }
        return value
      },
      async note(note) {
        said.push(note)
        setCookie(request, response, 'notes', await seal(signer, 'notes', said), 60)
      },
    })
    next()
  }
}

/** Who is about to write must have a session on the writer; for a page a reader’s word is enough, unless it has never heard of it. */
async function lookUp(
  database: Database,
  request: Request,
  pin: Pin | undefined,
  token: string,
): Promise<Found | undefined> {
  const found = reads.has(request.method) ? await database.read(pin, (em) => findSession(em, token)) : undefined
  return found ?? (await database.readFresh((em) => findSession(em, token)))
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\w-]{20,200})$/i.exec(request.get('authorization') ?? '')?.[1]
}

/** A name for the browser, which forms are bound to before anybody has logged in. */
function visitor(request: Request, response: Response, known: string | undefined): string {
  if (known !== undefined && /^[\w-]{20,40}$/.test(known)) return known
  const fresh = randomBytes(18).toString('base64url')
  setCookie(request, response, 'visitor', fresh, 365 * 24 * 3600)
  return fresh
}
