import { createHash } from 'node:crypto'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change, type Field } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import type { ArgsOf } from '../../module.ts'
import { LocalFile } from '../../local-file.ts'
import { diffFiles, gone } from '../files.ts'
import { madeOf } from '../made-text.ts'
import { refuseSecrets } from '../words.ts'
import type { Written } from '../written-probe.ts'
import type { args } from './schema.ts'

export type Args = Omit<ArgsOf<typeof args>, 'key_file'> & { readonly key_file?: LocalFile | string }

export interface Have {
  readonly source: Written
  readonly key: Written
  readonly fingerprints: readonly string[]
}

export function pathsOf(name: string): readonly [string, string] {
  return [`/etc/apt/sources.list.d/${name}.sources`, `/etc/apt/keyrings/${name}.asc`]
}

export function diff(want: Args, have: Have): Change {
  refuseSecrets(want, 'uris', 'suites', 'components', 'architectures', 'key', 'key_url', 'fingerprint', 'options')
  const unknown = firstUnknown(want.state ?? null)
  if (unknown) return { action: 'unknown', fields: [{ path: 'state', known: false }], why: unknown.why }
  if (want.state === 'absent') return gone(have.source.type !== 'absent' || have.key.type !== 'absent')
  refuse(want)
  const [path] = pathsOf(want.name)
  const source = diffFiles(
    [{ name: 'source', path, content: madeOf(shown(want), textOf) as string, mode: '0644' }],
    [have.source],
  )
  const key = keyField(want, have)
  const fields = [...source.fields, ...(key ? [key] : [])]
  if (source.action === 'create') return { action: 'create', fields }
  if (fields.length === 0) return source
  return { action: fields.some((field) => field.known) ? 'update' : 'unknown', fields }
}

/** What the file says of the key is only where it lies. */
function shown(want: Args): Args {
  const { key, key_file, key_url, fingerprint: _, ...rest } = want
  return key === undefined && key_file === undefined && key_url === undefined ? rest : { ...rest, key_url: '' }
}

function refuse(want: Args): void {
  if (want.uris === undefined || want.suites === undefined)
    throw failure('E753', '`state: present` needs `uris` and `suites`')
  const keys = (['key', 'key_file', 'key_url'] as const).filter((name) => want[name] !== undefined)
  if (keys.length > 1)
    throw failure('E753', `only one of ${keys.map((name) => `\`${name}\``).join(' and ')} says which key it is`)
  if (want.key_url !== undefined && want.fingerprint === undefined)
    throw failure('E753', '`key_url` needs `fingerprint`: what comes over the network proves nothing by itself', {
      hint: 'its owner publishes it; `gpg --show-keys FILE` shows it',
    })
}

/** A key that is given is compared as it is; one that is fetched, by its fingerprint. */
function keyField(want: Args, have: Have): Field | undefined {
  const { key, key_file, key_url, fingerprint } = want
  const there = have.key.type === 'file' ? have.fingerprints.join(' ') : undefined
  const open = firstUnknown([key ?? null, key_url ?? null, fingerprint ?? null])
  if (open) {
    const path = (['key', 'key_url', 'fingerprint'] as const).find((name) => firstUnknown(want[name] ?? null))
    return { path: path ?? 'key', ...(there !== undefined && { before: there }), known: false }
  }
  const wanted = wantedFingerprints(want)
  const foreign = wanted.length > 0 && have.fingerprints.some((one) => !wanted.includes(one))
  if (key_url !== undefined) {
    if (there !== undefined && !foreign) return undefined
    return field('key_url', there, key_url)
  }
  if (key !== undefined || key_file !== undefined) {
    const digest = key === undefined ? digestOfFile(key_file) : sha256(keyText(key))
    if (digest instanceof Unknown) return { path: 'key_file', known: false }
    if (have.key.type === 'file' && have.key.sha256 === digest && !foreign) return undefined
    return field(key === undefined ? 'key_file' : 'key', there, `sha256:${digest.slice(0, 12)}`)
  }
  return compare({ key: '' }, { key: there ?? '' }).fields[0]
}

function field(path: string, before: string | undefined, after: string): Field {
  return { path, ...(before !== undefined && { before }), after, known: true }
}

function digestOfFile(file: LocalFile | string | undefined): string | Unknown {
  return file instanceof LocalFile ? file.sha256 : new Unknown(`${String(file)} is read`)
}

export function keyText(key: string): string {
  return key.endsWith('\n') ? key : `${key}\n`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function wantedFingerprints({ fingerprint }: Args): readonly string[] {
  const list = fingerprint === undefined ? [] : typeof fingerprint === 'string' ? [fingerprint] : fingerprint
  return list.map((one) => one.replaceAll(' ', '').toUpperCase())
}

/** The archive as apt reads it (sources.list(5), DEB822-STYLE FORMAT). */
export function textOf(want: Args): string {
  const { types = ['deb'], uris, suites, components, architectures, enabled = true, options = {} } = want
  const list = (value: string | readonly string[] | undefined): string | undefined =>
    value === undefined ? undefined : typeof value === 'string' ? value : value.join(' ')
  const signed = want.key !== undefined || want.key_file !== undefined || want.key_url !== undefined
  const fields = {
    Enabled: enabled ? undefined : 'no',
    Types: types.join(' '),
    URIs: list(uris),
    Suites: list(suites),
    Components: list(components),
    Architectures: list(architectures),
    'Signed-By': signed ? pathsOf(want.name)[1] : undefined,
    ...options,
  }
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${String(value)}\n`]))
    .join('')
}
