import type { Seen, Step } from './connection.ts'
import { line } from './shell.ts'

/** What one call of `stat` and one of `sha256sum` found out for all steps of a batch that want to see a file. */
export interface Sight {
  /** Put before the steps. */
  readonly script: string
  /** Put before the text of a step: sets `$seen` and `$seen_sum`, empty where the step has to look itself. */
  given(index: number): string
}

/** Bytes of names that go on one command line; a step whose file comes later looks itself. */
const room = 100_000

/**
 * Starting a program costs a host more than all that it then does for a file. What cannot be seen (a file that is not there, or may not
 * be read) is left out here: the step looks itself, and says why. Unless nothing changes `together`, each step looks itself.
 */
export function sightOf(steps: readonly Step[], together: boolean): Sight {
  const wants = steps.map((step) => (step.kind === 'script' ? step.sees : undefined))
  const known = new Map<string, Seen>()
  let size = 0
  for (const want of together ? wants : []) {
    // each line of an answer ends in a name; sha256sum writes these otherwise
    if (!want || !want.path.startsWith('/') || /[\n\r\\]/.test(want.path)) continue
    const before = known.get(want.path)
    if (!before) size += want.path.length + 1
    if (size > room) break
    known.set(want.path, before?.sum ? before : want)
  }
  // those of which the digest is wanted come first, so that a name has the same number in both lists
  const files = [...known.values()].toSorted((one, other) => Number(other.sum ?? false) - Number(one.sum ?? false))
  const numbers = new Map(files.map(({ path }, index) => [path, index + 1]))
  const summed = files.filter(({ sum }) => sum).map(({ path }) => path)
  const given = (index: number): string => {
    const want = wants[index]
    if (!want) return ''
    const number = numbers.get(want.path)
    return number === undefined ? 'seen= seen_sum=\n' : `seen=\${state_${number}-} seen_sum=\${sum_${number}-}\n`
  }
  if (files.length < 2) return { script: '', given: (index) => (wants[index] ? 'seen= seen_sum=\n' : '') }
  const states = `set -- ${line(files.map(({ path }) => path))}\nlines=$(LC_ALL=C stat -c '${files[0]?.format ?? ''}%n' -- "$@")\nrunner_found state / "$@"\n`
  const sums = `set -- ${line(summed)}\nlines=$(${plain}[ $# -eq 0 ] || sha256sum -- "$@")\nrunner_found sum ' ' "$@"\n`
  return { script: `${found}{ ${states}${summed.length > 0 ? sums : ''}} 2>/dev/null\nIFS=$ifs; set +f\n`, given }
}

/** A pipe or a device is not read. */
const plain = 'for p do shift; [ -f "$p" ] && ! [ -L "$p" ] && set -- "$@" "$p"; done; '

/**
 * Goes through `$lines`, each of which ends in one of the names given, in their order, some left out: `state_3` is what stands in the line
 * with the third name, before the first `/` or space.
 */
const found = `ifs=$IFS; set -f; IFS='
'
runner_found() {
  name=$1 cut=$2 n=1
  shift 2
  for l in $lines; do
    while [ $# -gt 0 ] && [ "/\${l#*/}" != "$1" ]; do shift; n=$((n + 1)); done
    eval "\${name}_$n=\\\${l%%$cut*}"
  done
}
`
