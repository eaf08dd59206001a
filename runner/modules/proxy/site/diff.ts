import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, hasSecret, isMap, type Unknown } from '../../../plan/unknown.ts'
import { digestOfContent } from '../../system/written-probe.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { folderOf, settingsFile, sharedFiles, type Acme } from './acme.ts'
import { siteFile, type Site } from './nginx.ts'
import { letsEncrypt, type args } from './schema.ts'

export type Args = Wanted<ArgsOf<typeof args>, 'name'>

export interface Have {
  /** Of nginx, or of what would be installed. */
  readonly version: string
  readonly programs: readonly string[]
  readonly files: ReadonlyMap<string, string>
  readonly token: string | undefined
  readonly there: boolean
  readonly resolver: readonly string[]
  readonly certificate:
    | { readonly issuer: string; readonly names: readonly string[]; readonly expires: number }
    | undefined
  readonly now: number
  readonly timer: boolean
  readonly running: boolean
  readonly enabled: boolean
  /** nginx has not read what is there now. */
  readonly stale: boolean
}

/** What is written for a site, and what its certificate is to be. */
export interface Wish {
  readonly site: string | Unknown
  readonly acme: string | Unknown | undefined
  readonly domains: string | undefined
  readonly token: string | Secret | undefined
  readonly issued: { readonly issuer: string; readonly names: readonly string[] } | undefined
}

export function wish(want: Args, have: Have): Wish {
  const { name, certificate } = want
  const { token, ...settings } = isMap(certificate) ? certificate : {}
  if (hasSecret([want.aliases, want.upstream, want.resolver, want.max_body, { ...settings }]))
    throw failure('E753', `only \`token\` of ${name} may be a secret: all else stands in files that many can read`)
  const open = firstUnknown([
    want.aliases ?? null,
    want.upstream,
    want.resolver ?? null,
    want.max_body ?? null,
    want.timeout ?? null,
    certificate === undefined || isMap(certificate) ? { ...settings } : certificate,
  ])
  if (open) return { site: open, acme: open, domains: undefined, token: token as Secret | undefined, issued: undefined }
  const plain = want as ArgsOf<typeof args>
  const {
    challenge = 'http-01',
    server = letsEncrypt,
    dns_wait: dnsWait = 30,
    email,
    ca_file: caFile,
  } = plain.certificate ?? {}
  const names = [name, ...(plain.aliases ?? [])]
  refuse(plain, challenge, token)
  const resolver = plain.resolver ?? have.resolver
  if (resolver.length === 0)
    throw failure('E778', 'the host’s /etc/resolv.conf names no DNS server', { hint: 'say which one as `resolver`' })
  const site: Site = {
    name,
    aliases: plain.aliases ?? [],
    upstream: plain.upstream,
    resolver,
    maxBody: plain.max_body ?? '10m',
    timeout: plain.timeout ?? 60,
    tls: challenge !== 'none',
  }
  const text = siteFile(site, have.version)
  if (!site.tls) return { site: text, acme: undefined, domains: undefined, token: undefined, issued: undefined }
  const acme: Acme = {
    names,
    server,
    dns: challenge === 'duckdns',
    dnsWait,
    ...(email !== undefined && { email }),
    ...(caFile !== undefined && { caFile }),
  }
  return {
    site: text,
    acme: settingsFile(name, acme),
    domains: `${names.join(' ')}\n`,
    token: acme.dns ? (token as string | Secret | undefined) : undefined,
    issued: { issuer: server, names: names.toSorted() },
  }
}

function refuse({ name, aliases }: ArgsOf<typeof args>, challenge: string, token: unknown): void {
  if (challenge !== 'duckdns') return
  if (token === undefined) throw failure('E778', `the certificate of ${name} by DuckDNS needs \`token\``)
  if (!name.endsWith('.duckdns.org'))
    throw failure('E778', `${name} is no name at DuckDNS, which has only those that end with .duckdns.org`, {
      hint: 'with `challenge: http-01` the name only has to lead to this host',
    })
  if ((aliases ?? []).length > 0)
    throw failure('E778', `DuckDNS holds one TXT record a domain, so ${name} can have no aliases`, {
      hint: 'make a site of each name',
    })
}

export function diff(want: Args, have: Have): Change {
  const { site, acme, domains, token, issued } = wish(want, have)
  const file = (path: string): string | undefined => have.files.get(path)
  const folder = folderOf(want.name)
  const there = have.certificate
  const wanted = {
    packages: missing(have, acme !== undefined),
    site,
    acme,
    domains,
    token: token === undefined ? undefined : digestOfContent(token),
    // with HTTP only there is nothing to renew any more
    renewal: acme !== undefined ? true : have.timer ? false : undefined,
    issued: issued && `by ${issued.issuer} for ${issued.names.join(', ')}`,
    running: true,
    enabled: true,
  }
  if (!have.there && file(siteFileOf(want.name)) === undefined) return compare(wanted, undefined)
  const change = compare(wanted, {
    site: have.stale && file(siteFileOf(want.name)) === site ? 'not read by nginx yet' : file(siteFileOf(want.name)),
    acme: file(`${folder}/dehydrated.conf`),
    domains: file(`${folder}/domains.txt`),
    token: have.token,
    renewal: have.timer && (acme === undefined || sharedFiles.every(({ path, content }) => file(path) === content)),
    issued: there && certificateNow(there, have.now),
    running: have.running,
    enabled: have.enabled,
  })
  return change
}

function certificateNow(there: NonNullable<Have['certificate']>, now: number): string {
  if (there.issuer === 'self') return 'self-signed'
  if (there.expires <= now) return 'expired'
  return `by ${there.issuer} for ${there.names.join(', ')}`
}

export function siteFileOf(name: string): string {
  return `/etc/nginx/conf.d/${name}.conf`
}

/** Packages that have to come; undefined: none. */
export function missing({ programs }: Have, tls: boolean): readonly string[] | undefined {
  const needed = ['nginx', ...(tls ? ['dehydrated', 'openssl', 'curl'] : [])].filter((name) => !programs.includes(name))
  return needed.length === 0 ? undefined : needed
}
