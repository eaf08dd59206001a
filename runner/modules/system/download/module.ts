import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change, type Field } from '../../../plan/change.ts'
import { firstUnknown, hasSecret, printable } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { progress } from '../fetch-on.ts'
import { madeOf } from '../made-text.ts'
import {
  absent,
  accountsRead,
  attributesThere,
  attributesWanted,
  normalPath,
  parseStat,
  pathEffect,
  refuseDenied,
} from '../path-state.ts'
import { programOf } from '../words.ts'
import { attributeSteps, backupSteps } from '../written.ts'
import type { Written } from '../written-probe.ts'
import { args, key, returns, summary } from './schema.ts'
import { get, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have extends Written {
  /** The digest by the algorithm that was asked for. */
  readonly sum?: string
  /** What the server says of the file that is there; `silent`: nothing. */
  readonly server?: 'current' | 'outdated' | 'silent'
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 10,
  slow: true,
  progress,
  unsettled: ['sha256', 'size', 'backup_file'],
  probe(want) {
    const { dest, url, checksum, refresh } = want
    const headers = firstUnknown(want.headers ?? null) ? '' : headersOf(want)
    const words = [normalPath(dest), algorithmOf(want)[0], refresh === true && checksum === undefined ? url : '']
    return { kind: 'script', text: look, args: words, stdin: headers }
  },
  parse,
  blank: () => absent,
  diff,
  steps(want, have, change): readonly Step[] {
    const path = normalPath(want.dest)
    if (change.action !== 'create' && !change.fields.some((field) => field.path === 'content'))
      return attributeSteps(want, path, change)
    const { owner, group, mode } = attributesWanted(want)
    const account = `${owner === undefined ? '' : String(owner)}${group === undefined ? '' : `:${String(group)}`}`
    const follows = want.refresh === true && want.checksum === undefined ? 'refresh' : ''
    const check = want.validate === undefined ? [] : programOf(want.validate, 'validate')
    const limit = String(want.timeout ?? 600)
    const words = [
      path,
      want.url,
      limit,
      ...algorithmOf(want),
      follows,
      account,
      mode === undefined ? '' : String(mode),
    ]
    return [
      ...backupSteps(want, have, path),
      { kind: 'script', text: get, args: [...words, ...check], stdin: headersOf(want) },
    ]
  },
  returned(want, have, done) {
    const backup = done?.find((output) => output.stdout.endsWith('~\n'))?.stdout.trim()
    return { dest: normalPath(want.dest), sha256: have.sha256 ?? '', size: have.size ?? 0, backup_file: backup ?? '' }
  },
  undo: (want, have) =>
    have.type === 'file' && diff(want, have).fields.every((field) => field.path !== 'content')
      ? [{ kind: 'exec', argv: ['rm', '-f', normalPath(want.dest), originOf(normalPath(want.dest))] }]
      : [],
  effects: (want) => ({
    writes: [pathEffect(want.dest), originOf(pathEffect(want.dest))],
    reads: [...accountsRead(want), 'package:'],
  }),
  timeout: 1800,
}

function parse(output: Output, want: Args): Have {
  refuseDenied(output, want.dest)
  const said = new Map(output.stdout.split('\n').map((line) => line.split(' ', 2) as [string, string]))
  const state = output.stdout.split('\n').find((line) => line.startsWith('file '))
  if (state === undefined) return absent
  const server = (['current', 'outdated', 'silent'] as const).find((one) => said.has(one))
  return {
    ...parseStat(state.slice('file '.length)),
    ...(said.has('sum') && { sum: said.get('sum') ?? '' }),
    ...(said.has('sha256') && { sha256: said.get('sha256') ?? '' }),
    ...(server && { server }),
  }
}

function diff(want: Args, have: Have): Change {
  if (have.type === 'directory' || have.type === 'other')
    throw failure('E751', `${want.dest} is a ${have.type}, not a file`, {
      hint: '`dest` is the name of the file itself',
    })
  const wanted = { ...attributesWanted(want) }
  const change = compare(wanted, have.type === 'absent' ? undefined : { ...attributesThere(want, have) })
  const content = contentField(want, have)
  if (!content) return change
  return { action: change.action === 'create' ? 'create' : 'update', fields: [content, ...change.fields] }
}

function contentField(want: Args, have: Have): Field | undefined {
  const [, digest] = algorithmOf(want)
  const there = have.type === 'file' ? (have.sum ?? have.sha256 ?? '') : undefined
  const differs =
    have.type !== 'file' || (digest !== '' ? have.sum !== digest : want.refresh === true && have.server === 'outdated')
  if (!differs) return undefined
  const after = digest === '' ? `from ${shownUrl(want.url)}` : digest
  return {
    path: 'content',
    ...(there !== undefined && { before: there }),
    after: printable(after),
    known: true,
    ...(hasSecret(want.url) && { sensitive: true as const }),
  }
}

/** Without the password that may be in it. */
function shownUrl(url: unknown): string {
  return url instanceof Secret ? '[secret]' : String(url).replace(/:\/\/[^/@]*@/, '://')
}

function algorithmOf({ checksum }: Args): readonly [string, string] {
  const [algorithm = '', digest = ''] = (checksum ?? '').split(':')
  return [algorithm, digest.toLowerCase()]
}

function headersOf({ headers = {} }: Args): string | Secret {
  const lines = (all: Record<string, string>): string =>
    Object.entries(all)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')
  return madeOf(headers as Record<string, string>, lines) as string | Secret
}

function originOf(path: string): string {
  const at = path.lastIndexOf('/')
  return `${path.slice(0, at)}/.${path.slice(at + 1)}.origin`
}
