import type { Exec, Step } from '../../../connections/connection.ts'
import type { HostModule } from '../../module.ts'
import { absent, accountsRead, attributesWanted, normalPath, pathEffect } from '../path-state.ts'
import { diff, effective } from './diff.ts'
import { parse, probe, type Args, type Have } from './probe.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['state', 'owner', 'group', 'mode', 'size'],
  probe,
  parse,
  blank: () => ({ ...absent, missing: [], assumed: true }),
  diff,
  steps(want, have, change) {
    const path = normalPath(want.path)
    if (want.state === 'absent') return [removal(path)]
    if (want.state === 'hard')
      return [
        ...(change.action === 'create' || change.fields.some((field) => field.path === 'src')
          ? [exec('ln', '-f', '--', want.src ?? '', path)]
          : []),
        ...owning(want, [path]),
        ...permitting(want, [path]),
      ]
    if (want.state === 'link') return [exec('ln', '-sfn', want.src ?? '', path), ...owning(want, [path], '-h')]
    if (effective(have).type === 'absent') return creation(want, path, have)
    const recurse = change.fields.some((field) => field.path === 'recurse') ? ['-R'] : []
    const changed = (name: string) => recurse.length > 0 || change.fields.some((field) => field.path === name)
    return [
      ...(changed('owner') || changed('group')
        ? owning(want, [path], ...recurse, ...(recurse.length > 0 ? ['-h'] : []))
        : []),
      ...(changed('mode') ? permitting(want, [path], ...recurse) : []),
    ]
  },
  returned(want, have) {
    const { type, owner, group, mode, size } = have
    const known = type === 'absent' ? {} : { owner: owner ?? '', group: group ?? '', mode: mode ?? '', size: size ?? 0 }
    return { path: normalPath(want.path), state: type, ...known }
  },
  // what somebody may have put to use since is kept: a directory with something in it, a file that was written to
  undo(want, have) {
    const path = normalPath(want.path)
    if (path.lastIndexOf('/') === 0) return []
    if (want.state === 'directory' && have.type === 'directory')
      return [exec('rmdir', '--ignore-fail-on-non-empty', path)]
    if (want.state === 'link' && have.target === want.src) return [exec('rm', '-f', path)]
    if (want.state === 'hard' && have.linked === true) return [exec('rm', '-f', path)]
    if (want.state === 'touch' && have.type === 'file' && have.size === 0) return [exec('rm', '-f', path)]
    return []
  },
  effects: (want) => ({
    writes: [pathEffect(want.path)],
    reads: [...accountsRead(want), ...(want.state === 'hard' ? [pathEffect(want.src)] : [])],
  }),
}

function creation(want: Args, path: string, have: Have): readonly Step[] {
  if (want.state === 'directory') {
    const made = [...have.missing, path]
    return [exec('mkdir', '-p', path), ...owning(want, made), ...permitting(want, made)]
  }
  if (want.state === 'touch') return [exec('touch', path), ...owning(want, [path]), ...permitting(want, [path])]
  return [
    { kind: 'script', text: 'echo "$1 is not there; state: touch would make an empty file" >&2; exit 1', args: [path] },
  ]
}

/** What is mounted below it is not emptied: `rm` then fails instead. */
function removal(path: string): Step {
  return exec('rm', '-rf', '--one-file-system', path)
}

function owning(want: Args, paths: readonly string[], ...options: readonly string[]): readonly Step[] {
  if (want.owner === undefined && want.group === undefined) return []
  const group = want.group === undefined ? '' : `:${want.group}`
  return [exec('chown', ...options, `${want.owner ?? ''}${group}`, ...paths)]
}

/** Five digits: with fewer, GNU chmod keeps the set-group-ID bit of a directory, and the next run would find it changed. */
function permitting(want: Args, paths: readonly string[], ...options: readonly string[]): readonly Step[] {
  const { mode } = attributesWanted(want)
  return mode === undefined ? [] : [exec('chmod', ...options, `0${String(mode)}`, ...paths)]
}

function exec(program: string, ...words: readonly string[]): Exec {
  return { kind: 'exec', argv: [program, ...words] }
}
