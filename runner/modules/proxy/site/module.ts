import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { folderOf, sharedFiles } from './acme.ts'
import { diff, missing, siteFileOf, wish, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { install, issue, look, prepare, putSite, remove, serve } from './scripts.ts'

type Args = ArgsOf<typeof args>

const nothingThere: Have = {
  version: '1.26',
  programs: [],
  files: new Map(),
  token: undefined,
  there: false,
  resolver: ['127.0.0.53'],
  certificate: undefined,
  now: 0,
  timer: false,
  running: false,
  enabled: false,
  stale: false,
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 30,
  probe: ({ name }) => ({ kind: 'script', text: look, args: [name] }),
  parse,
  blank: () => nothingThere,
  diff,
  steps,
  returned: ({ name, certificate }, have) => ({
    url: `${certificate?.challenge === 'none' ? 'http' : 'https'}://${name}/`,
    ...(have.certificate !== undefined && { expires: have.certificate.expires }),
  }),
  unsettled: ['expires'],
  undo: ({ name }, have) =>
    have.there || have.files.has(siteFileOf(name)) ? [{ kind: 'script', text: remove, args: [name] }] : [],
  effects: ({ name }) => ({
    writes: [
      'package:',
      'package:nginx',
      'service:nginx',
      siteFileOf(name),
      '/etc/runner-acme',
      '/var/lib/dehydrated',
      '/usr/local/lib/runner-acme',
    ],
    reads: ['/etc/nginx', '/etc/resolv.conf'],
  }),
  // an issuer can take its time, and several sites wait for each other
  timeout: 1800,
}

function parse({ stdout }: Output): Have {
  const have: { -readonly [K in keyof Have]: Have[K] } = { ...nothingThere, resolver: [] }
  const files = new Map<string, string>()
  let issuer: string | undefined
  let names: readonly string[] = []
  let expires = 0
  for (const line of stdout.split('\n')) {
    const [kind, first = '', second = ''] = line.split(' ')
    if (kind === 'distro') {
      if (first !== 'debian' && first !== 'ubuntu')
        throw failure('E770', `sites are made on Debian and Ubuntu only; this host is ${first || 'unknown'}`, {
          hint: 'use another host, or write nginx’s files by tasks of your own',
        })
      have.version = usualVersion(first, Number(second))
    }
    if ((kind === 'nginx' || kind === 'candidate') && first !== '') have.version = first
    if (kind === 'has') have.programs = [...have.programs, first]
    if (kind === 'file') files.set(first, Buffer.from(second, 'base64').toString('utf8'))
    if (kind === 'token') have.token = first
    if (kind === 'there') have.there = true
    if (kind === 'resolver' && first !== '') have.resolver = [...have.resolver, first]
    if (kind === 'issuer') issuer = first.replaceAll('"', '')
    if (kind === 'names') names = line.split(' ').slice(1).filter(Boolean)
    if (kind === 'expires') expires = Number(first)
    if (kind === 'now') have.now = Number(first)
    if (kind === 'timer') have.timer = first === 'enabled' && second === 'active'
    if (kind === 'running') have.running = first === 'active'
    if (kind === 'enabled') have.enabled = first === 'enabled'
    if (kind === 'stale') have.stale = true
  }
  have.files = files
  if (issuer !== undefined) have.certificate = { issuer, names: names.toSorted(), expires }
  return have
}

/** Where apt has no lists yet. */
function usualVersion(distro: string, release: number): string {
  return release >= (distro === 'debian' ? 13 : 25) ? '1.26' : '1.18'
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { name } = want
  const { site, acme, domains, token } = wish(want, have)
  if (site instanceof Unknown || acme instanceof Unknown) return []
  const packages = missing(have, acme !== undefined)
  const script = (text: string, ...words: readonly (string | Secret)[]): Step => ({ kind: 'script', text, args: words })
  const file = (path: string, content: string | Secret, mode: string): Step => ({ kind: 'upload', path, content, mode })
  const changes = (...paths: readonly string[]): boolean =>
    change.action === 'create' || change.fields.some((field) => paths.includes(field.path))
  const folder = folderOf(name)
  const certified: readonly Step[] =
    acme === undefined
      ? []
      : [
          script(prepare, name),
          file(`${folder}/dehydrated.conf`, acme, '0644'),
          file(`${folder}/domains.txt`, domains ?? '', '0644'),
          token === undefined
            ? { kind: 'exec', argv: ['rm', '-f', `${folder}/token`] }
            : file(`${folder}/token`, token, '0600'),
          ...sharedFiles.map(({ path, content, mode }) => file(path, content, mode)),
          { kind: 'exec', argv: ['systemctl', 'daemon-reload'] },
        ]
  return [
    ...(packages === undefined ? [] : [script(install, ...packages)]),
    ...certified,
    script(putSite, siteFileOf(name), site),
    script(serve),
    ...(acme === undefined
      ? have.timer
        ? [{ kind: 'exec', argv: ['systemctl', 'disable', '--now', '--quiet', `runner-acme@${name}.timer`] } as const]
        : []
      : [
          // before the certificate: should that not be had now, the timer tries on
          { kind: 'exec', argv: ['systemctl', 'enable', '--now', '--quiet', `runner-acme@${name}.timer`] } as const,
          ...(changes('issued', 'acme', 'domains', 'token') ? [script(issue, name)] : []),
        ]),
  ]
}
