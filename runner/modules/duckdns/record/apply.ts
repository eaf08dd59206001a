import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { Secret } from '../../../secret.ts'
import { diff, hostName, type Args, type Records } from './diff.ts'
import { read } from './read.ts'

/** Addresses and text are two calls: one that has a text leaves the addresses alone (duckdns.org/spec.jsp). */
export async function apply(change: Change, want: Args, have: Records | undefined, cloud: Cloud): Promise<void> {
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  const { ipv4, ipv6, txt } = want
  if (changes('ipv4') || changes('ipv6'))
    await ask(want, { ...(ipv4 !== undefined && { ip: ipv4 }), ...(ipv6 !== undefined && { ipv6 }) }, cloud)
  if (changes('txt') && txt !== undefined) await ask(want, { txt }, cloud)
  const name = hostName(want.domain)
  cloud.changed(`duckdns:${name}`)
  // DNS shows it only when what was there may be forgotten, after a minute: `ready` waits for that
  const accepted: Records = {
    id: name,
    name,
    ipv4: ipv4 ?? have?.ipv4,
    ipv6: ipv6 ?? have?.ipv6,
    txt: txt ?? have?.txt,
  }
  await cloud.once(`duckdns:${name}`, () => Promise.resolve({ ...accepted, pending: 'not in DNS yet' }))
}

export async function ready(want: Args, have: Records, cloud: Cloud): Promise<Records> {
  if (have.pending === undefined) return have
  return await cloud.poll({
    what: `DNS to answer for ${have.name}`,
    every: 10,
    timeout: 600,
    look: async () => {
      cloud.changed(`duckdns:${have.name}`)
      const now = await read(want, cloud)
      if (now && diff(want, now).action === 'none') return { done: now }
      return { status: now ? [now.ipv4, now.ipv6, now.txt].filter(Boolean).join(', ') : 'no answer' }
    },
  })
}

/** DuckDNS keeps the domain and forgets its records; the text goes by a call of its own. */
export async function destroy(want: Args, have: Records, cloud: Cloud): Promise<void> {
  if (have.txt !== undefined) await ask(want, { txt: have.txt, clear: 'true' }, cloud)
  if (have.ipv4 !== undefined || have.ipv6 !== undefined) await ask(want, { clear: 'true' }, cloud)
  cloud.changed(`duckdns:${have.name}`)
}

/**
 * One call of the API, tried again while the server is in trouble. The token is part of the address, so neither address nor
 * cause of an error is ever said. Success and refusal both come as HTTP 200: `OK` and `KO` tell them apart.
 */
async function ask(want: Args, parameters: Readonly<Record<string, string>>, cloud: Cloud): Promise<void> {
  const domain = want.domain.toLowerCase().replace(/\.duckdns\.org$/, '')
  const base = new URL(want.endpoint ?? 'https://www.duckdns.org')
  const token = (want.token as unknown as Secret).reveal()
  base.pathname = `${base.pathname.replace(/\/$/, '')}/update`
  base.search = new URLSearchParams({ domains: domain, token, ...parameters, verbose: 'true' }).toString()
  const answer = await cloud.poll({
    what: 'DuckDNS to answer',
    every: 5,
    timeout: 60,
    look: async () => {
      try {
        const signal = AbortSignal.any([cloud.signal, AbortSignal.timeout(20_000)])
        // whoever it is sent on to would be told the token
        const response = await fetch(base, { redirect: 'error', signal })
        const text = await response.text()
        return response.status < 500 ? { done: text } : { status: `HTTP ${response.status}` }
      } catch (error) {
        cloud.signal.throwIfAborted()
        return { status: (error as { cause?: { code?: string } }).cause?.code ?? 'no answer' }
      }
    },
  })
  if (answer.split('\n')[0]?.trim() === 'OK') return
  throw failure('E796', `DuckDNS refuses to change ${domain}.duckdns.org`, {
    hint: 'is the domain one of this account, and the token right? Both are shown at www.duckdns.org once you are signed in',
  })
}
