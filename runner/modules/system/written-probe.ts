import { createHash } from 'node:crypto'
import type { Output, Script } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import { hasSecret, Unknown } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'
import { absent, normalPath, parseStat, refuseDenied, statFormat, type PathState } from './path-state.ts'

/** What a file is to hold: a text; or bytes, of which at least the digest is known. */
export type Content = string | Secret | Unknown | Digested
export interface Digested {
  /** Hexadecimal. */
  readonly sha256: string
  readonly size?: number
  content?(): Uint8Array
}

/** A file that a task writes as a whole, as it is on the host. */
export interface Written extends PathState {
  readonly sha256?: string
  /** What it holds, where that differs from what is wanted, is small and is no secret. */
  readonly bytes?: Uint8Array
  /** The file on the host that it is to be copied from; absent: there is none. */
  readonly source?: Digested
  /** The host does not exist yet. */
  readonly assumed?: true
}

export const blankFile: Written = { ...absent, assumed: true }

/** Bytes up to which a file is shown in a plan. */
export const shownSize = 65_536

// $seen and $seen_sum may be there already; $1 path; $2 SHA-256 that it should have, '' if not known, or `secret`: what it holds must not be printed; $3 source or ''
const look = `
LC_ALL=C
export LC_ALL
path=$1 wanted=$2 source=$3 IFS='|'
if [ "$source" ]; then
  sum=$(sha256sum <"$source") && wanted=\${sum%% *} && echo "source \${sum%% *}"
fi
if state=\${seen:-$(stat -c '${statFormat}' "$path")}; then
  printf '%s\\n' "$state"
  if [ -f "$path" ] && ! [ -L "$path" ]; then
    set -- $state
    sum=\${seen_sum:-$(sha256sum <"$path")} && sum=\${sum%% *} && echo "$sum" &&
      if [ "$sum" != "$wanted" ] && [ "$wanted" != secret ] && [ "$4" -le ${shownSize} ]; then base64 "$path"; fi
  fi
fi
`

/** One stat and one checksum; what the file holds is only sent when it is not as wanted and may be shown. */
export function probeWritten(path: string, content: Content | undefined, source = ''): Script {
  const digest = content === undefined ? '' : digestOfContent(content)
  const wanted = hasSecret(content) ? 'secret' : typeof digest === 'string' ? digest : ''
  const sees = { path: normalPath(path), format: statFormat, sum: true }
  return { kind: 'script', text: look, args: [sees.path, wanted, source], sees }
}

export function parseWritten(output: Output, path: string): Written {
  refuseDenied(output, path)
  const lines = output.stdout.split('\n').filter((line) => line !== '')
  const source = lines[0]?.startsWith('source ') ? lines.shift() : undefined
  const more = source === undefined ? {} : { source: { sha256: source.slice('source '.length) } }
  const [state, sha256, ...encoded] = lines
  if (state === undefined) {
    if (/no such file|not a directory|cannot open|can't open/i.test(output.stderr)) return { ...absent, ...more }
    throw failure('E754', `${path} cannot be read: ${output.stderr.trim() || 'no answer'}`)
  }
  const bytes = encoded.length > 0 ? { bytes: Buffer.from(encoded.join(''), 'base64') } : {}
  return { ...parseStat(state), ...more, ...(sha256 !== undefined && { sha256 }), ...bytes }
}

/** SHA-256 in hexadecimal; that of a secret is a secret. */
export function digestOfContent(content: Content): string | Secret | Unknown {
  if (content instanceof Unknown) return content
  if (content instanceof Secret) return content.map(sha256)
  return typeof content === 'string' ? sha256(content) : content.sha256
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
