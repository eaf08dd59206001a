import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Secret } from '../secret.ts'
import type { Step, Streamed } from './connection.ts'
import { takeFunction, taking, type Taken } from './stream-script.ts'

/** Contents of files that travel behind a script instead of in it: of those that are the same only one. */
export interface Freight {
  /** In the order in which they are sent. */
  readonly bodies: readonly Body[]
  /** Step → its body's place in the list. */
  readonly placed: ReadonlyMap<number, number>
  /** What is read while it is sent; behind the bodies. */
  readonly streams: readonly Stream[]
}

export interface Stream extends Taken {
  readonly content: Streamed
  /** The steps that want it; the last one may have the very file. */
  readonly steps: readonly [number, ...number[]]
  /** Bytes that the host has already. */
  readonly at: number
}

export interface Body {
  /** What is sent: compressed, where that makes it smaller. */
  readonly bytes: Buffer
  readonly packed: boolean
  /** Bytes of the file. */
  readonly size: number
  /** The first step that wants it. */
  readonly step: number
}

/** Smaller files lie in the script: a shell holds them in a variable. */
export const heavy = 65_536

export const noFreight: Freight = { bodies: [], placed: new Map(), streams: [] }

/** Undefined where nothing is heavy, so that nobody has to wait. */
export function freightOf(steps: readonly Step[]): Promise<Freight> | undefined {
  const contents = steps.flatMap((step, index) => {
    if (step.kind !== 'upload') return []
    const content = step.content instanceof Secret ? step.content.reveal() : step.content
    if (isStreamed(content)) return []
    return content.length < heavy ? [] : [{ step: index, content: Buffer.from(content as string) }]
  })
  return contents.length === 0 ? undefined : pack(contents)
}

export function isStreamed(content: object | string): content is Streamed {
  return typeof content === 'object' && 'parts' in content
}

/** What the steps want streamed, each only once. */
export function streamsOf(steps: readonly Step[]): readonly Stream[] {
  const found = new Map<string, Stream>()
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'upload' || !isStreamed(step.content)) continue
    const { content, path, overLink = false } = step
    const before = found.get(content.id)?.steps ?? []
    // the last one: it is beside its path that it comes to lie
    const all = [...before, index] as [number, ...number[]]
    found.set(content.id, { id: content.id, path, overLink, content, steps: all, at: 0 })
  }
  return [...found.values()]
}

async function pack(contents: readonly { readonly step: number; readonly content: Buffer }[]): Promise<Freight> {
  const bodies: Body[] = []
  const placed = new Map<number, number>()
  const known = new Map<string, number>()
  for (const { step, content } of contents) {
    const digest = createHash('sha256').update(content).digest('hex')
    const before = known.get(digest)
    placed.set(step, before ?? bodies.length)
    if (before !== undefined) continue
    known.set(digest, bodies.length)
    // the quickest level: a link is seldom slower than the better ones
    const small = await promisify(gzip)(content, { level: 1 })
    const packed = small.length < content.length
    bodies.push({ bytes: packed ? small : content, packed, size: content.length, step })
  }
  return { bodies, placed, streams: [] }
}

/** Script that takes all of it off the line, whatever happens; the bodies into a directory `$d` that only this user may read. */
export function unloading({ bodies, streams }: Freight): string {
  if (bodies.length + streams.length === 0) return ''
  const made = 'd=$(mktemp -d /var/tmp/.runner.XXXXXXXX 2>/dev/null || mktemp -d -t .runner.XXXXXXXX)'
  const taken = bodies.map(({ bytes, packed }, index) => {
    const file = `"\${d:-/dev/null}/${index}"`
    return `head -c ${bytes.length} | { ${packed ? 'gzip -dc' : 'cat'} >${file}; cat >/dev/null; } 2>/dev/null`
  })
  // PIPE: nobody hears its answers any more
  const tidy = `trap 'rm -rf -- "$d"; exit 143' HUP INT TERM PIPE`
  const streamed = streams.map((stream, index) => taking(stream, stream.at, index))
  return `${[made, tidy, ...taken].join('\n')}\n${streamed.length > 0 ? takeFunction : ''}${streamed.join('')}`
}

/** Script that prints what was unloaded, after a look whether it is whole. */
export function fetched(body: Body, index: number): string {
  const size = `$(wc -c <"$d/${index}" 2>/dev/null || echo 0)`
  return `{ [ "${size}" -eq ${body.size} ] || { echo "no room in \${d:-/var/tmp} for what is sent" >&2; exit 1; }; cat -- "$d/${index}"; }`
}
