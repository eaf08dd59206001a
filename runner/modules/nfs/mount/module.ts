import type { Output, Step } from '../../../connections/connection.ts'
import type { Change } from '../../../plan/change.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { diff, missingPackage, type Have } from './diff.ts'
import { fstabEscaped, fstabStep, parseMounted, type Mounted } from '../../system/fstab.ts'
import { madeOf } from '../../system/made-text.ts'
import { normalPath } from '../../system/path-state.ts'
import { optionsFor } from './options.ts'
import { args, key, returns, summary } from './schema.ts'
import { install, look, mount, unmount } from './scripts.ts'

type Args = ArgsOf<typeof args>

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ path }) => ({ kind: 'script', text: look, args: [fstabEscaped(normalPath(path))] }),
  parse,
  blank: () => ({ live: undefined, entry: undefined, programs: ['mount.nfs4'], distro: 'debian' }),
  diff,
  steps,
  returned: ({ path }) => ({ path }),
  undo: ({ path }, have) => (have.live === undefined && !have.entry ? [] : removal(path, have)),
  effects: ({ path, before }) => ({
    writes: ['/etc/fstab', normalPath(path), 'package:', 'package:nfs-common'],
    reads: Array.isArray(before) ? before.map((unit) => `service:${String(unit)}`) : [],
  }),
  timeout: 1200,
}

function parse({ stdout }: Output): Have {
  const lines = stdout.split('\n')
  const said = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  const mounted = (name: string): Mounted | undefined => {
    const line = said(name)
    return line === undefined ? undefined : parseMounted(line)
  }
  const live = mounted('live')
  return {
    live: live?.fstype.startsWith('nfs') ? live : undefined,
    entry: mounted('entry'),
    programs: lines.flatMap((line) => (line.startsWith('has ') ? [line.slice('has '.length)] : [])),
    distro: said('distro') ?? 'unknown',
  }
}

function through(value: string | Secret, change: (text: string) => string): string | Secret {
  return value instanceof Secret ? value.map(change) : change(String(value))
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  const { state, tls } = want
  const path = normalPath(want.path)
  if (state === 'absent') return removal(path, have)
  const { src, options } = want as { readonly src: string | Secret; readonly options?: string | Secret }
  const line = madeOf({ src, ...(options !== undefined && { options }) }, (open): string => {
    const opts = optionsFor({ ...want, ...(open.options !== undefined && { options: String(open.options) }) })
    const columns = [
      fstabEscaped(String(open.src)),
      fstabEscaped(path),
      tls === true ? 'efs' : 'nfs4',
      fstabEscaped(opts),
    ]
    return [...columns, 0, 0].join(' ')
  }) as string | Secret
  const missing = missingPackage(want, have)
  const again =
    have.live !== undefined && change.fields.some(({ path }) => ['src', 'options', 'tls', 'mounted'].includes(path))
  // EFS's own program makes its way itself
  const port = tls === true ? '' : (/(?:^|,)port=(\d+)/.exec(String(options))?.[1] ?? '2049')
  return [
    ...(missing === undefined ? [] : [{ kind: 'script', text: install, args: [missing] } as const]),
    fstabStep('path', fstabEscaped(path), line),
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

function removal(named: string, have: Have): readonly Step[] {
  const path = normalPath(named)
  return [
    ...(have.live === undefined ? [] : [{ kind: 'script', text: unmount, args: [path] } as const]),
    ...(have.entry ? [fstabStep('path', fstabEscaped(path), '')] : []),
  ]
}
