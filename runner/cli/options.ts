import { parseArgs, type ParseArgsConfig } from 'node:util'
import { failure } from '../language/diagnostic.ts'
import { closest } from '../language/closest.ts'
import { disruptions, type Disruption } from '../plan/change.ts'

export const verbs = ['validate', 'plan', 'apply', 'destroy', 'graph', 'modules', 'runs'] as const
export type Verb = (typeof verbs)[number]
export type OutputKind = 'tty' | 'plain' | 'json' | 'html'

/** The command line, understood. */
export interface Options {
  readonly verb: Verb
  /** Playbooks, a saved plan, a module name, a run. */
  readonly targets: readonly string[]
  readonly inventory: readonly string[]
  readonly vars: readonly string[]
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAt?: string
  readonly forks: number
  readonly apiConcurrency: number
  readonly output?: { readonly kind: OutputKind; readonly file?: string }
  readonly format?: string
  readonly out?: string
  /** A playbook, of which the policy is wanted. */
  readonly iamPolicy?: string
  readonly diff: boolean
  readonly verbose: boolean
  readonly detailedExitCode: boolean
  readonly offline: boolean
  readonly allowDestroy: readonly string[]
  readonly adopt: readonly string[]
  readonly prune: boolean
  readonly maxDisruption?: Disruption
  readonly yes: boolean
  /** True: the newest run that did not finish. */
  readonly resume?: string | true
  readonly lockWait: number
  readonly sshConfig?: string
  readonly askBecomePass: boolean
  readonly noColor: boolean
  readonly help: boolean
}

const flags = {
  inventory: { type: 'string', short: 'i', multiple: true },
  var: { type: 'string', short: 'e', multiple: true },
  limit: { type: 'string', short: 'l' },
  tags: { type: 'string', short: 't', multiple: true },
  'skip-tags': { type: 'string', multiple: true },
  'start-at': { type: 'string' },
  forks: { type: 'string', short: 'f' },
  'api-concurrency': { type: 'string' },
  output: { type: 'string', short: 'o' },
  out: { type: 'string' },
  'iam-policy': { type: 'string' },
  diff: { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  'detailed-exit-code': { type: 'boolean' },
  offline: { type: 'boolean' },
  'allow-destroy': { type: 'string', multiple: true },
  adopt: { type: 'string', multiple: true },
  prune: { type: 'boolean' },
  'max-disruption': { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  resume: { type: 'string' },
  'lock-wait': { type: 'string' },
  'ssh-config': { type: 'string', short: 'F' },
  'ask-become-pass': { type: 'boolean', short: 'K' },
  'no-color': { type: 'boolean' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options']

/** Understands the words behind `runner`; what is wrong with them is a {@link Failure} (exit code 4). */
export function parseOptions(argv: readonly string[]): Options {
  const [verb = '', ...rest] = argv
  if (!isVerb(verb)) {
    const near = closest(verb, verbs)
    throw failure('E901', `unknown command \`${verb}\``, {
      hint: near === undefined ? `the commands are ${verbs.join(', ')}` : `did you mean \`runner ${near}\`?`,
    })
  }
  const { values, positionals } = parseFlags(withResume(rest))
  const list = (given: readonly string[] | undefined): readonly string[] =>
    (given ?? []).flatMap((text) => text.split(',')).filter(Boolean)
  return {
    verb,
    targets: positionals,
    inventory: values.inventory ?? [],
    vars: values.var ?? [],
    tags: list(values.tags),
    skipTags: list(values['skip-tags']),
    forks: whole('forks', values.forks, 64, 1),
    apiConcurrency: whole('api-concurrency', values['api-concurrency'], 16, 1),
    diff: values.diff ?? false,
    verbose: values.verbose ?? false,
    detailedExitCode: values['detailed-exit-code'] ?? false,
    offline: values.offline ?? false,
    allowDestroy: values['allow-destroy'] ?? [],
    adopt: values.adopt ?? [],
    prune: values.prune ?? false,
    yes: values.yes ?? false,
    lockWait: whole('lock-wait', values['lock-wait'], 0, 0),
    askBecomePass: values['ask-become-pass'] ?? false,
    noColor: values['no-color'] ?? false,
    help: values.help ?? false,
    ...(values.limit !== undefined && { limit: values.limit }),
    ...(values['start-at'] !== undefined && { startAt: values['start-at'] }),
    ...(values.output !== undefined && { output: outputOf(values.output) }),
    ...(values.format !== undefined && { format: values.format }),
    ...(values.out !== undefined && { out: values.out }),
    ...(values['iam-policy'] !== undefined && { iamPolicy: values['iam-policy'] }),
    ...(values['max-disruption'] !== undefined && {
      maxDisruption: oneOf('max-disruption', values['max-disruption'], disruptions),
    }),
    ...(values.resume !== undefined && { resume: values.resume === '' ? true : values.resume }),
    ...(values['ssh-config'] !== undefined && { sshConfig: values['ssh-config'] }),
  }
}

function isVerb(text: string): text is Verb {
  return (verbs as readonly string[]).includes(text)
}

/** `--resume` takes a run's name or nothing; the parser of Node knows only one of both. */
function withResume(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    if (word === '--resume') return /^\d{8}-\d{6}-\w+$/.test(words[index + 1] ?? '') ? [word] : ['--resume=']
    return [word]
  })
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true })
  } catch (error) {
    const text = (error as Error).message
    const word = /'(-{1,2}[^' ]+)/.exec(text)?.[1] ?? ''
    const near = closest(word.replace(/^-+/, ''), Object.keys(flags))
    const unknown = text.startsWith('Unknown option')
    throw failure('E902', unknown ? `unknown option ${word}` : (text.split('. ')[0] ?? text), {
      hint: unknown && near !== undefined ? `did you mean --${near}?` : 'runner --help lists the options',
    })
  }
}

function whole(name: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw failure('E903', `--${name} ${text} is not a whole number of at least ${least}`, {
    hint: `for example --${name} ${Math.max(otherwise, 1)}`,
  })
}

function oneOf<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(text)) return text as T
  throw failure('E903', `--${name} ${text} is none of ${choices.join(', ')}`)
}

function outputOf(text: string): { kind: OutputKind; file?: string } {
  const [kind = '', ...file] = text.split('=')
  const known = oneOf('output', kind, ['tty', 'plain', 'json', 'html'])
  return file.length > 0 ? { kind: known, file: file.join('=') } : { kind: known }
}
