import { createHash } from 'node:crypto'
import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { programField } from '../../system/guard.ts'
import { normalPath, refuseDenied } from '../../system/path-state.ts'
import { programOf, refuseSecrets } from '../../system/words.ts'
import { args, key, returns, summary } from './schema.ts'
import { look, run } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly ran:
    | { readonly at: string; readonly on: string; readonly stdout: string; readonly stderr: string }
    | undefined
}

/** Without declared effects: it may touch anything. */
export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 20,
  unsettled: ['stdout', 'stderr', 'ran_at', 'ran_on'],
  probe: (want) => ({ kind: 'script', text: look, args: [folderOf(want), want.name, digestOf(want)] }),
  parse,
  blank: () => ({ ran: undefined }),
  diff,
  steps(want): readonly Step[] {
    const { name, lock_wait = 600, chdir = '', keep = 10, release, stdin } = want
    const program = want.argv
      ? programOf(want.argv, 'argv')
      : want.shell !== undefined
        ? programOf(['/bin/sh', '-c', want.shell], 'shell')
        : programOf(want.cmd, 'cmd')
    const words = [folderOf(want), name, digestOf(want), String(lock_wait), chdir, String(keep), String(release)]
    return [
      {
        kind: 'script',
        text: run,
        args: [...words, ...program],
        ...(stdin !== undefined && { stdin: stdin as string | Secret }),
      },
    ]
  },
  returned: (_want, { ran }) => ({
    stdout: ran?.stdout ?? '',
    stderr: ran?.stderr ?? '',
    ran_at: ran?.at ?? '',
    ran_on: ran?.on ?? '',
  }),
  timeout: 7200,
}

function folderOf({ folder = '/var/lib/runner/jobs' }: Args): string {
  return normalPath(folder)
}

/** A release may be called anything; its folder has a name of few letters. */
function digestOf(want: Args): string {
  refuseSecrets(want, 'release')
  const { release } = want
  return createHash('sha256').update(String(release)).digest('hex').slice(0, 32)
}

function parse(output: Output, want: Args): Have {
  refuseDenied(output, folderOf(want))
  const said = (word: string): string | undefined =>
    output.stdout
      .split('\n')
      .find((line) => line.startsWith(`${word} `))
      ?.slice(word.length + 1)
  const ran = said('ran')
  if (ran === undefined) {
    if (/no such file|not a directory/i.test(output.stderr)) return { ran: undefined }
    throw failure('E754', `what ran before cannot be read: ${output.stderr.trim() || 'no answer'}`)
  }
  const [at = '', ...on] = ran.split(' ')
  const decoded = (word: string): string =>
    Buffer.from(said(word) ?? '', 'base64')
      .toString('utf8')
      .replace(/\r?\n$/, '')
  return { ran: { at, on: on.join(' '), stdout: decoded('stdout'), stderr: decoded('stderr') } }
}

function diff(want: Args, { ran }: Have): Change {
  if (ran) return { action: 'none', fields: [], why: `ran at ${ran.at} on ${ran.on}` }
  const program = want.argv
    ? programField('argv', want.argv)
    : want.shell === undefined
      ? programField('cmd', want.cmd)
      : { ...programField('cmd', want.shell), path: 'shell' }
  return { action: 'run', fields: [program], why: `has not run for ${want.release} yet` }
}
