import type { Output, Step } from '../../../connections/connection.ts'
import type { Change } from '../../../plan/change.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { diff, missingPackage, type Have } from './diff.ts'
import { optionsFor } from './options.ts'
import { args, key, returns, summary } from './schema.ts'
import { entry, install, look, mount, unmount } from './scripts.ts'

type Args = ArgsOf<typeof args>

function inFstab(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('\t', '\\011')
}

/** awk takes escapes of its own out of -v. */
function forAwk(path: string): string {
  return inFstab(path).replaceAll('\\', '\\\\')
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ path }) => ({ kind: 'script', text: look, args: [forAwk(path)] }),
  parse,
  blank: () => ({ mounted: undefined, entry: undefined, programs: ['mount.nfs4'], distro: 'debian' }),
  diff,
  steps,
  returned: ({ path }) => ({ path }),
  undo: ({ path }, have) => (have.mounted === undefined && !have.entry ? [] : removal(path, have)),
  effects: ({ path, before }) => ({
    writes: ['/etc/fstab', path, 'package:', 'package:nfs-common'],
    reads: Array.isArray(before) ? before.map((unit) => `service:${String(unit)}`) : [],
  }),
  timeout: 1200,
}

function parse({ stdout }: Output): Have {
  const lines = stdout.split('\n').map((line) => line.split(' '))
  const find = (kind: string): readonly string[] | undefined => lines.find(([name]) => name === kind)
  const mounted = find('mounted')
  const found = find('entry')
  return {
    mounted: mounted && { src: mounted[1] ?? '', options: mounted[2] ?? '' },
    entry: found && { src: found[1] ?? '', options: found[2] ?? '', type: found[3] ?? '' },
    programs: lines.flatMap(([kind, name]) => (kind === 'has' && name !== undefined ? [name] : [])),
    distro: find('distro')?.[1] ?? 'unknown',
  }
}

function through(value: string | Secret, change: (text: string) => string): string | Secret {
  return value instanceof Secret ? value.map(change) : change(String(value))
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { path, state, tls } = want
  if (state === 'absent') return removal(path, have)
  const { src, options } = want as { readonly src: string | Secret; readonly options?: string | Secret }
  const rest = (asked?: string): string =>
    `${inFstab(path)} ${tls === true ? 'efs' : 'nfs4'} ${optionsFor({ ...want, ...(asked !== undefined && { options: asked }) })} 0 0`
  const missing = missingPackage(want, have)
  const again =
    have.mounted !== undefined && change.fields.some(({ path }) => ['src', 'options', 'tls', 'mounted'].includes(path))
  // EFS's own program makes its way itself
  const port = tls === true ? '' : (/(?:^|,)port=(\d+)/.exec(String(options))?.[1] ?? '2049')
  return [
    ...(missing === undefined ? [] : [{ kind: 'script', text: install, args: [missing] } as const]),
    {
      kind: 'script',
      text: entry,
      args: [forAwk(path), through(src, inFstab), options instanceof Secret ? options.map(rest) : rest(options)],
    },
    ...(again ? [{ kind: 'script', text: unmount, args: [path] } as const] : []),
    ...(state === 'present'
      ? []
      : [
          {
            kind: 'script',
            text: mount,
            args: [path, through(src, (text) => text.replace(/:.*/, '')), port, String(want.wait ?? 120)],
          } as const,
        ]),
  ]
}

function removal(path: string, have: Have): readonly Step[] {
  return [
    ...(have.mounted === undefined ? [] : [{ kind: 'script', text: unmount, args: [path] } as const]),
    { kind: 'script', text: entry, args: [forAwk(path), '', ''] },
  ]
}
