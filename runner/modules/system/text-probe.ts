import type { Output, Script } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import { absent, normalPath, parseStat, refuseDenied, statFormat, type PathState } from './path-state.ts'

/** A text file of which a part is managed. */
export interface TextFile extends PathState {
  /** Its name when links are followed. */
  readonly real: string
  readonly text?: string
  /** The host does not exist yet. */
  readonly assumed?: true
}

/** Bytes; a larger file is not one of settings. */
const limit = 1_048_576

const look = `
LC_ALL=C
export LC_ALL
path=$1
if [ -L "$path" ]; then seen=; path=$(readlink -f "$path") || path=$1; fi
if state=\${seen:-$(stat -c '${statFormat}' "$path")}; then
  printf '%s\\n' "$state"
  printf '%s\\n' "$path"
  IFS='|'
  set -- $state
  if [ -f "$path" ] && [ "$4" -le ${limit} ]; then base64 "$path"; fi
fi
`

/** A stat and the text: what matches is decided here, where regular expressions mean the same for every host. */
export function probeText(want: { readonly path: string }): Script {
  const sees = { path: normalPath(want.path), format: statFormat }
  return { kind: 'script', text: look, args: [sees.path], sees }
}

export function parseText(output: Output, want: { readonly path: string }): TextFile {
  refuseDenied(output, want.path)
  const [state, ...rest] = output.stdout.split('\n')
  // a name may have line ends in it, but not that of a link's target
  const given = normalPath(want.path).split('\n')
  const named = given.every((part, index) => rest[index] === part) ? given.length : 1
  const real = rest.slice(0, named).join('\n')
  const encoded = rest.slice(named)
  if (state === undefined || real === '') {
    if (/no such file|not a directory/i.test(output.stderr)) return { ...absent, real: normalPath(want.path) }
    throw failure('E754', `${want.path} cannot be read: ${output.stderr.trim() || 'no answer'}`)
  }
  const have = { ...parseStat(state), real }
  if (have.type !== 'file') return have
  if ((have.size ?? 0) > limit)
    throw failure('E755', `${want.path} has ${have.size} bytes, too many for a file of settings`)
  try {
    return {
      ...have,
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded.join(''), 'base64')),
    }
  } catch (cause) {
    throw failure('E755', `${want.path} is not a text in UTF-8`, { cause })
  }
}
