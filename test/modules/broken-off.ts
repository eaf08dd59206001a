import { readdirSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A large thing on a server, what the server says of it, and what becomes of each answer: `cut` in the middle, `stuck` there, else whole. */
export interface Big {
  bytes: Buffer
  says: Record<string, string>
  fate: string[]
  /** Of each answer its status and what became of it. */
  readonly given: string[]
}

/** Answers a request for it, or for the rest of it (RFC 9110, 13.1.5 and 14.2). */
export function giveBig(big: Big, { headers }: IncomingMessage, response: ServerResponse): void {
  const { bytes, says } = big
  const { range, 'if-range': same } = headers
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const part = range !== undefined && (same === undefined || same === says['ETag'])
  const rest = part ? bytes.subarray(from) : bytes
  const fate = big.fate.shift()
  big.given.push(`${part ? '206' : '200'}${fate === undefined ? '' : ` ${fate}`}`)
  response.writeHead(part ? 206 : 200, {
    ...says,
    'Content-Length': rest.length,
    ...(part && { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  })
  if (fate === undefined) return void response.end(rest)
  response.write(rest.subarray(0, rest.length / 2), () => fate === 'cut' && response.destroy())
}

/** Until some of it has come to lie in a folder. */
export async function partArrived(folder: string): Promise<void> {
  const arrived = (): boolean =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (one) =>
        one.name.endsWith('.more') &&
        (statSync(join(one.parentPath, one.name), { throwIfNoEntry: false })?.size ?? 0) >= 1_000_000,
    )
  for (let left = 1500; left > 0 && !arrived(); left -= 1) await wait(20)
}
