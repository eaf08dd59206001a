import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse, type ScalarTag } from 'yaml'
import type { Step } from '../../runner/connections/connection.ts'
import { LocalFolder, type LocalEntry } from '../../runner/modules/local-folder.ts'
import { LocalFile } from '../../runner/modules/local-file.ts'
import type { Evaluated } from '../../runner/modules/module.ts'
import type { Action, Field } from '../../runner/plan/change.ts'
import { isMap, Unknown, type Values } from '../../runner/plan/unknown.ts'
import { Secret } from '../../runner/secret.ts'

/** One case of a module's `cases.yml`; docs/adding-a-module.md describes the format for people. */
export interface Case {
  readonly name: string
  /** Which of the situations that every cloud module has to show this is, where nothing else tells it. */
  readonly shows?: 'normal form' | 'half made'
  readonly args: Values
  /** What the probe prints. */
  readonly output?: string | { readonly stdout?: string; readonly stderr?: string; readonly code?: number }
  /** What is there, instead of `output`; null: nothing. */
  readonly have?: unknown
  readonly action?: Action
  readonly why?: string
  /** Whether `why` is shown as a warning. */
  readonly warns?: boolean
  readonly fields?: readonly Partial<Field>[]
  readonly steps?: readonly (readonly string[] | Partial<Step>)[]
  readonly undo?: readonly (readonly string[] | Partial<Step>)[]
  readonly returned?: Values
  /** What the steps printed, for `returned`. */
  readonly done?: readonly NonNullable<Case['output']>[]
  /** Code of the diagnostic that `parse`, `diff` or `steps` throws. */
  readonly failure?: string
  /** What AWS bills, of a cloud module: `2..6 ec2 t3.small`, `? data transfer`. */
  readonly charges?: { readonly before: readonly string[]; readonly after: readonly string[] }
  /** Of a runner module: what is shown, and the sentence with which it fails. */
  readonly message?: string
  readonly fails?: string
  readonly facts?: Values
}

/** A file of the machine that runs the runner, as the engine would hand it to a module. */
export function localFile(text: string, path = 'a-file.txt'): LocalFile {
  const content = new TextEncoder().encode(text)
  return LocalFile.of(path, content)
}

/** A folder as the engine would hand it over: a file a line, `name text`, `name/` for a directory, `name -> target` for a link. */
export function localFolder(text: string, path = 'a-folder'): LocalFolder {
  const entries = text
    .split(/\n|; /)
    .filter(Boolean)
    .map((line): LocalEntry => {
      const [name = '', ...words] = line.trim().split(' ')
      const type = name.endsWith('/') ? 'directory' : words[0] === '->' ? 'link' : 'file'
      const content = new TextEncoder().encode(type === 'file' ? words.join(' ') : '')
      return {
        name: Buffer.from(name.replace(/[/*]$/, '')).toString('latin1'),
        type,
        executable: name.endsWith('*'),
        size: content.length,
        time: 0,
        sha256: type === 'file' ? createHash('sha256').update(content).digest('hex') : '',
        target: type === 'link' ? (words[1] ?? '') : '',
        path: Buffer.from(name),
        content: () => content,
      }
    })
  return new LocalFolder(path, (skips) => entries.filter((one) => !skips(one.name, one.type === 'directory')))
}

const tags: ScalarTag[] = [
  { tag: '!unknown', resolve: (why) => new Unknown(why || 'something else is made') },
  { tag: '!unknown-secret', resolve: (why) => new Unknown(why || 'something else is made', true) },
  { tag: '!secret-text', resolve: (text) => new Secret(text) },
  { tag: '!file', resolve: (text) => localFile(text) },
  // `!folder 'bin/; bin/run* text; current -> bin'`
  { tag: '!folder', resolve: (text) => localFolder(text) },
  // `!evaluated a == 1 -> false`
  { tag: '!evaluated', resolve: (text) => evaluated(text) },
]

function evaluated(text: string): Evaluated {
  const [written = '', value = 'null'] = text.split(' -> ')
  return {
    text: written,
    holds: value === 'unknown' ? new Unknown('something else is made') : (JSON.parse(value) as never),
  }
}

/** Reads YAML in which values can be unknown, secret, a file or an evaluated expression. */
export function readCases(file: URL): readonly Case[] {
  return (parse(readFileSync(file, 'utf8'), { merge: true, customTags: tags }) ?? []) as readonly Case[]
}

export interface ExampleTask {
  readonly name: string
  readonly module: string
  readonly args: Values
}

const taskKeys =
  /^(name|register|when|loop|loop_control|notify|listen|tags|become|become_user|vars|environment|until|retries|delay|timeout|ignore_errors|failed_when|changed_when|no_log|delegate_to|run_once|needs|protect)$/

/** The tasks of an `example.yml`, each with its one module. */
export function readExample(file: URL): readonly ExampleTask[] {
  const secret: ScalarTag = { tag: '!secret', resolve: (text) => new Secret(text) }
  const tasks = parse(readFileSync(file, 'utf8'), { customTags: [secret] }) as readonly Values[]
  return tasks.map((task) => {
    const [module, ...others] = Object.keys(task).filter((name) => !taskKeys.test(name))
    if (module === undefined || others.length > 0) throw new Error(`one module a task: ${Object.keys(task).join(', ')}`)
    return { name: String(task['name'] ?? ''), module, args: (task[module] ?? {}) as Values }
  })
}

/** Whether a value holds an expression, so that its type says nothing yet. */
export function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{')
}

/** The value with every leaf that is no map or list changed; a local file is a leaf, of an evaluated expression its result. */
export function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change))
  if (!isMap(value)) return change(value)
  if ('holds' in value && 'text' in value) return { ...value, holds: change(value['holds']) }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapLeaves(item, change)]))
}
