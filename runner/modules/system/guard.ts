import type { Output, Script } from '../../connections/connection.ts'
import { failure } from '../../language/diagnostic.ts'
import type { Change, Field } from '../../plan/change.ts'
import { firstUnknown, hasSecret, printable, type Values } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'
import { absolutePath } from './arguments.ts'

/** Arguments that `system.command` and `system.shell` share: when it runs, where, and on what. */
export const guardArguments = {
  chdir: { ...absolutePath, description: 'Directory in which it runs.' },
  creates: {
    type: 'string',
    minLength: 1,
    description: 'Nothing is run when this is there: a path or a pattern such as `/opt/app-*`.',
  },
  removes: { type: 'string', minLength: 1, description: 'Nothing is run when this is not there: a path or a pattern.' },
  unless: {
    type: ['string', 'array'],
    items: { type: 'string' },
    minLength: 1,
    minItems: 1,
    description:
      'Nothing is run when this succeeds: a text for the shell, or the words of a program. It is also run for a plan, so it must only look.',
  },
  stdin: { type: 'string', description: 'What it reads; the place for secrets. A line end is added if there is none.' },
  stdin_add_newline: { type: 'boolean', default: true, description: 'Whether that line end is added.' },
} as const

export const guardKey = ['creates', 'removes', 'unless', 'chdir'] as const

export interface Guard {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly unless?: string | readonly string[]
}

/** Which guard says that there is nothing to run. */
export type Guarded = 'creates' | 'removes' | 'unless' | 'run'

// $1 directory; $2 creates; $3 removes; then `text` and a text for the shell, `words` and words, or nothing
const look = `
cd "\${1:-.}" 2>/dev/null || { echo run; exit 0; }
there() {
  IFS=
  for found in $1; do
    if [ -e "$found" ] || [ -L "$found" ]; then return 0; fi
  done
  return 1
}
if [ "$2" ] && there "$2"; then echo creates; exit 0; fi
if [ "$3" ] && ! there "$3"; then echo removes; exit 0; fi
how=$4
[ $# -gt 3 ] && shift 4
case $how in
  text) (eval "$1") ;;
  words) "$@" ;;
  *) false ;;
esac </dev/null >/dev/null 2>&1 && echo unless || echo run
`

/** Asks the guards; nothing where there are none. */
export function probeGuard({ chdir = '', creates = '', removes = '', unless }: Guard): Script {
  const check = unless === undefined ? [] : typeof unless === 'string' ? ['text', unless] : ['words', ...unless]
  return { kind: 'script', text: look, args: [chdir, creates, removes, ...check] }
}

export function parseGuard(output: Output): Guarded {
  const answer = output.stdout.trim()
  if (answer === 'creates' || answer === 'removes' || answer === 'unless' || answer === 'run') return answer
  throw failure('E754', `what guards the command could not be asked: ${output.stderr.trim() || answer || 'no answer'}`)
}

/** A command runs unless a guard holds; what it would change cannot be known. */
export function diffGuard(want: Guard, program: Field, have: Guarded): Change {
  const { creates, removes } = want
  if (have === 'creates') return { action: 'none', fields: [], why: `${creates} is there` }
  if (have === 'removes') return { action: 'none', fields: [], why: `${removes} is not there` }
  if (have === 'unless') return { action: 'none', fields: [], why: '`unless` succeeds' }
  const reasons = [
    ...(creates === undefined ? [] : [`${creates} is not there`]),
    ...(removes === undefined ? [] : [`${removes} is there`]),
    ...(want.unless === undefined ? [] : ['`unless` fails']),
  ]
  const why = reasons.length > 0 ? reasons.join(', ') : 'has no `creates`, `removes` or `unless`, so it always runs'
  return { action: 'run', fields: [program], why }
}

/** What is run, for the plan. */
export function programField(path: 'argv' | 'cmd', value: unknown): Field {
  const known = firstUnknown(value) === undefined
  const after = Array.isArray(value) ? value.map((word) => String(word)).join(' ') : printable(value)
  return { path, ...(known && { after }), known, ...(hasSecret(value) && { sensitive: true as const }) }
}

/** Where it runs and what it reads. */
export function surroundings(
  want: Guard & { readonly stdin?: string | Secret; readonly stdin_add_newline?: boolean },
): {
  readonly cwd?: string
  readonly stdin?: string | Secret
} {
  const { chdir, stdin, stdin_add_newline: add = true } = want
  const close = (text: string) => (!add || text.endsWith('\n') ? text : `${text}\n`)
  const closed = stdin instanceof Secret ? stdin.map(close) : stdin === undefined ? undefined : close(stdin)
  return { ...(chdir !== undefined && { cwd: chdir }), ...(closed !== undefined && { stdin: closed }) }
}

export const commandOutputs = {
  rc: { type: 'integer', description: 'Exit status; 0 when nothing was run.' },
  stdout: { type: 'string', description: 'What it printed, without the last line end.' },
  stderr: { type: 'string', description: 'What it printed as errors, without the last line end.' },
  stdout_lines: { type: 'array', items: { type: 'string' }, description: 'What it printed, by lines.' },
  stderr_lines: { type: 'array', items: { type: 'string' }, description: 'What it printed as errors, by lines.' },
} as const

/** Outputs of a command that ran, or was not needed. */
export function returnedByCommand(done: readonly Output[] | undefined): Values {
  const output = done?.at(-1) ?? { stdout: '', stderr: '', code: 0 }
  const stdout = output.stdout.replace(/\r?\n$/, '')
  const stderr = output.stderr.replace(/\r?\n$/, '')
  return { rc: output.code, stdout, stderr, stdout_lines: lines(stdout), stderr_lines: lines(stderr) }
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.split(/\r?\n/)
}
