import type { Output, Script } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import { absent, normalPath, parseStat, refuseDenied, statFormat, type PathState } from '../path-state.ts'
import type { args } from './schema.ts'

export type Args = ArgsOf<typeof args>
export type Want = Wanted<Args, 'path'>

/** What stands at the path. */
export interface Have extends PathState {
  /** Of a link: where it points, and what is there (absent: it is broken). */
  readonly target?: string
  readonly through?: PathState
  /** The host does not exist yet. */
  readonly assumed?: true
  /** Directories above it that are not there, innermost first. */
  readonly missing: readonly string[]
  /** With `state: hard`: whether it is the same file as `src`. */
  readonly linked?: boolean
  /** With `recurse`: the first thing below it that is not as wanted. */
  readonly differs?: string
}

// $1 path; $2 'recurse', 'hard' or ''; then predicates of find, or the other name of the file. `-perm` of find is exact, as is the mode that chmod is given.
const look = `
LC_ALL=C
export LC_ALL
path=$1 recurse=$2
shift 2
if state=\${seen:-$(stat -c '${statFormat}' "$path")}; then
  printf '%s\\n' "$state"
  if [ -L "$path" ]; then
    readlink "$path"
    stat -L -c '${statFormat}' "$path" 2>/dev/null || echo broken
  elif [ "$recurse" = hard ]; then if [ "$path" -ef "$1" ]; then echo same; else echo other; fi
  elif [ "$recurse" ] && [ -d "$path" ]; then
    find "$path" "$@" -print -quit 2>/dev/null || echo "$path"
  fi
else
  above=\${path%/*}
  while [ "$above" ] && ! [ -e "$above" ]; do
    printf '%s\\n' "$above"
    above=\${above%/*}
  done
fi
`

/** One stat; a second through a link; a find with `recurse`. */
export function probe(want: Want): Script {
  const sees = { path: normalPath(want.path), format: statFormat }
  if (want.state === 'hard' && typeof want.src === 'string')
    return { kind: 'script', text: look, args: [sees.path, 'hard', want.src], sees }
  const predicates = want.recurse === true ? differing(want) : []
  const recurse = predicates.length > 0 ? 'recurse' : ''
  return { kind: 'script', text: look, args: [sees.path, recurse, ...predicates], sees }
}

/** Predicates of find for what is not as wanted; what is not known yet is left out. */
function differing({ owner, group, mode }: Want): readonly string[] {
  const tests = [
    ...(typeof owner === 'string' || typeof owner === 'number' ? ['!', '-user', String(owner)] : []),
    ...(typeof group === 'string' || typeof group === 'number' ? ['-o', '!', '-group', String(group)] : []),
    ...(typeof mode === 'string' ? ['-o', '!', '-type', 'l', '!', '-perm', mode] : []),
  ]
  if (tests.length === 0) return []
  return ['(', ...(tests[0] === '-o' ? tests.slice(1) : tests), ')']
}

export function parse(output: Output, want: Want): Have {
  refuseDenied(output, want.path)
  const lines = output.stdout.split('\n').filter((line) => line !== '')
  const [first, second, third] = lines
  if (/no such file|not a directory/i.test(output.stderr)) return { ...absent, missing: lines }
  if (first === undefined) throw failure('E754', `${want.path} cannot be read: ${output.stderr.trim() || 'no answer'}`)
  const state = parseStat(first)
  if (state.type === 'link')
    return {
      ...state,
      target: second ?? '',
      through: third === undefined || third === 'broken' ? absent : parseStat(third),
      missing: [],
    }
  if (want.state === 'hard') return { ...state, missing: [], linked: second === 'same' }
  return { ...state, missing: [], ...(second !== undefined && { differs: second }) }
}
