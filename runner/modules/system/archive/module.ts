import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { LocalFile } from '../../local-file.ts'
import { progress } from '../fetch-on.ts'
import { madeOf } from '../made-text.ts'
import { accountsRead, normalPath, pathEffect, refuseDenied } from '../path-state.ts'
import { refuseSecrets } from '../words.ts'
import { args, key, returns, summary } from './schema.ts'
import { look, unpack } from './scripts.ts'

/** `src` is its name as long as nothing is read (`plan --offline`). */
type Args = Omit<ArgsOf<typeof args>, 'src'> & { readonly src?: LocalFile | string | Unknown }

interface Have {
  /** `creates` is there. */
  readonly created: boolean
  readonly dest: 'directory' | 'absent' | 'other'
  /** What was unpacked: a digest, or `once` and the digest of what nobody named one for. */
  readonly unpacked: string | undefined
  /** Digest of the archive on the host; undefined: it is not there. */
  readonly source: string | undefined
  readonly assumed?: true
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 5,
  slow: true,
  progress,
  unsettled: ['sha256'],
  probe: (want) => ({
    kind: 'script',
    text: look,
    args: [normalPath(want.dest), nameOf(want), want.creates ?? '', want.remote_src ?? ''],
  }),
  parse,
  blank: () => ({ created: false, dest: 'absent', unpacked: undefined, source: undefined, assumed: true }),
  diff,
  steps,
  returned: (want, have) => ({
    dest: normalPath(want.dest),
    sha256: have.created ? '' : (have.unpacked?.replace(/^once /, '') ?? ''),
  }),
  effects: (want) => ({
    writes: [pathEffect(want.dest), ...(want.creates === undefined ? [] : [pathEffect(want.creates)])],
    reads: ['package:', ...accountsRead(want), ...(want.remote_src === undefined ? [] : [pathEffect(want.remote_src)])],
  }),
  timeout: 1800,
}

function nameOf({ name = 'archive' }: Args): string {
  return name
}

function parse(output: Output, want: Args): Have {
  refuseDenied(output, want.dest)
  const lines = output.stdout.split('\n')
  const said = (word: string): string | undefined =>
    lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1)
  return {
    created: lines.includes('created'),
    dest: lines.includes('directory') ? 'directory' : lines.includes('other') ? 'other' : 'absent',
    unpacked: said('unpacked'),
    source: said('source'),
  }
}

/** The archive is told by its digest; what an owner changed since, or a file that somebody took away, is not looked for. */
function diff(want: Args, have: Have): Change {
  refuseSecrets(want as never, 'exclude', 'owner', 'group')
  if (have.created) return { action: 'none', fields: [], why: `${want.creates} is there` }
  if (have.dest === 'other') throw failure('E751', `${want.dest} is there, and no directory`)
  if (want.remote_src !== undefined && have.source === undefined && !have.assumed)
    throw failure('E756', `${want.remote_src} is not there`, {
      hint: '`remote_src` is a file on the host; `src` is one beside the playbook',
    })
  const wanted = wantedDigest(want, have)
  if (want.creates !== undefined && have.unpacked === wanted)
    return { action: 'update', fields: [{ path: 'creates', before: 'absent', after: want.creates, known: true }] }
  const there =
    have.unpacked?.startsWith('once ') && want.url !== undefined && want.sha256 === undefined ? wanted : have.unpacked
  return compare({ archive: wanted }, have.unpacked === undefined ? undefined : { archive: there })
}

function wantedDigest(want: Args, have: Have): string | Unknown {
  const { src, sha256, remote_src, url } = want
  if (sha256 !== undefined) return sha256.toLowerCase()
  if (remote_src !== undefined) return have.source ?? new Unknown(`${remote_src} is there`)
  if (url !== undefined) return shown(url)
  if (src instanceof Unknown) return src
  return src instanceof LocalFile ? src.sha256 : new Unknown(`${String(src)} is read`)
}

function shown(url: unknown): string {
  return url instanceof Secret ? '[secret]' : String(url).replace(/:\/\/[^/@]*@/, '://')
}

function steps(want: Args, have: Have): readonly Step[] {
  const {
    src,
    remote_src,
    url,
    sha256,
    strip_components = 0,
    owner,
    group,
    replace = false,
    exclude = [],
    headers = {},
  } = want
  const dest = normalPath(want.dest)
  const local = src instanceof LocalFile ? src : undefined
  const sent = local && `${dest}.archive-${local.sha256.slice(0, 16)}`
  const wanted = sha256?.toLowerCase() ?? local?.sha256 ?? have.source ?? ''
  const account = `${owner === undefined ? '' : String(owner)}${group === undefined ? '' : `:${group}`}`
  const [how, from] = url === undefined ? ['file', remote_src ?? sent ?? ''] : ['url', url]
  const lines = (all: Record<string, string>): string =>
    Object.entries(all)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')
  return [
    ...(local && sent
      ? [
          { kind: 'exec', argv: ['mkdir', '-p', '--', dest.slice(0, Math.max(1, dest.lastIndexOf('/')))] } as const,
          { kind: 'upload', path: sent, content: local.sent(), mode: '0600' } as const,
        ]
      : []),
    {
      kind: 'script',
      text: unpack,
      args: [
        dest,
        nameOf(want),
        how,
        from,
        wanted,
        String(strip_components),
        account,
        replace ? 'replace' : '',
        remote_src === undefined ? '' : 'keep',
        ...exclude,
      ],
      stdin: firstUnknown(headers) ? '' : (madeOf(headers as Record<string, string>, lines) as string | Secret),
    },
  ]
}
