import type { CookieOptions, Request, Response } from 'express'
import type { Signer } from './signing.ts'

/** The cookies of a request by name. */
export function cookiesOf(request: Request): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at < 1) continue
    const name = pair.slice(0, at).trim()
    // the first of a name is the most specific (RFC 6265, 5.4)
    if (!found.has(name)) found.set(name, decode(pair.slice(at + 1).trim()))
  }
  return found
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Over HTTPS a cookie is bound to this very host, and no other host can set it (RFC 6265bis, 4.1.3.2). */
export function cookieName(request: Request, name: string): string {
  return request.secure ? `__Host-${name}` : name
}

export function setCookie(request: Request, response: Response, name: string, value: string, maxAge?: number): void {
  const options: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: '/',
    ...(maxAge !== undefined && { maxAge: maxAge * 1000 }),
  }
  response.cookie(cookieName(request, name), value, options)
}

export function dropCookie(request: Request, response: Response, name: string): void {
  response.clearCookie(cookieName(request, name), {
    httpOnly: true,
    sameSite: 'lax',
    secure: request.secure,
    path: '/',
  })
}

/** JSON with a signature: the browser keeps it and cannot change it. */
export async function seal(signer: Signer, purpose: string, value: unknown): Promise<string> {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${text}.${await signer.sign(purpose, text)}`
}

export async function unseal<T>(signer: Signer, purpose: string, sealed: string | undefined): Promise<T | undefined> {
  const [text, signature] = (sealed ?? '').split('.')
  if (text === undefined || signature === undefined || text === '') return undefined
  if (!(await signer.verify(purpose, text, signature))) return undefined
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as T
}
