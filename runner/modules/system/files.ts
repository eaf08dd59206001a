import { createHash } from 'node:crypto'
import type { Exec, Step } from '../../connections/connection.ts'
import { nothing, type Change, type Field } from '../../plan/change.ts'
import { Secret } from '../../secret.ts'
import { absent, parseStat, refuseDenied, statFormat } from './path-state.ts'
import { diffWritten, stepsWritten } from './written.ts'
import type { Written } from './written-probe.ts'
import { Unknown } from '../../plan/unknown.ts'

/** A small file that a module writes whole: settings of its own, of which it knows the place and who owns them. */
export interface OwnFile {
  /** The field of the plan that stands for what it holds. */
  readonly name: string
  readonly path: string
  readonly content: string | Secret | Unknown
  readonly mode: string
  readonly owner?: string
  readonly group?: string
}

/** Shell function `files PATH…`: a line for each, `file` and what `stat` says and what is in it, or `none`. */
export const filesFunction = `
files() {
  for path in "$@"; do
    if state=$(LC_ALL=C stat -Lc '${statFormat}' "$path"); then
      if [ -f "$path" ]; then printf 'file %s %s\\n' "$state" "$(base64 -w0 <"$path")"; else printf 'file %s\\n' "$state"; fi
    elif [ -L "$path" ]; then echo 'file a1ff|0|0|0||'
    else echo none; fi
  done
}
`

/** What the shell function printed; other lines are left to the module. */
export function parseFiles(stdout: string, stderr: string, paths: readonly string[]): readonly Written[] {
  refuseDenied({ stdout, stderr, code: 0 }, paths.join(', '))
  const lines = stdout.split('\n').filter((line) => line === 'none' || line.startsWith('file '))
  return paths.map((_, index): Written => {
    const [kind, state = '', encoded = ''] = (lines[index] ?? 'none').split(' ')
    if (kind === 'none') return absent
    const bytes = Buffer.from(encoded, 'base64')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { ...parseStat(state), bytes, sha256 }
  })
}

/** What is to change about the files, a field each (and one for its mode or owner, where that differs). */
export function diffFiles(files: readonly OwnFile[], have: readonly Written[]): Change {
  const fields = files.flatMap((file, index): readonly Field[] =>
    diffWritten(placed(file), file.content, have[index] ?? absent).fields.flatMap((field) =>
      field.path === 'content'
        ? [{ ...field, path: file.name }]
        : have[index]?.type === 'file'
          ? [{ ...field, path: `${file.name}.${field.path}` }]
          : [],
    ),
  )
  if (fields.length === 0) return nothing
  if (have.every((one) => one.type === 'absent')) return { action: 'create', fields }
  return { action: fields.some((field) => field.known) ? 'update' : 'unknown', fields }
}

/** Writes those that differ. */
export function stepsForFiles(files: readonly OwnFile[], have: readonly Written[]): readonly Step[] {
  return files.flatMap((file, index) => {
    const there = have[index] ?? absent
    const change = diffWritten(placed(file), file.content, there)
    if (change.action === 'none' || file.content instanceof Unknown) return []
    return stepsWritten(placed(file), file.content, there, change)
  })
}

/** Takes them away, those that are there. */
export function removalOfFiles(paths: readonly string[], have: readonly Written[]): readonly Exec[] {
  const there = paths.filter((_, index) => have[index] && have[index]?.type !== 'absent')
  return there.length === 0 ? [] : [{ kind: 'exec', argv: ['rm', '-f', ...there] }]
}

/** The change of a thing that is to be gone. */
export function gone(isThere: boolean): Change {
  if (!isThere) return nothing
  return { action: 'delete', fields: [{ path: 'state', before: 'present', after: 'absent', known: true }] }
}

function placed({ path, mode, owner = 'root', group = 'root' }: OwnFile): {
  dest: string
  owner: string
  group: string
  mode: string
} {
  return { dest: path, owner, group, mode }
}
