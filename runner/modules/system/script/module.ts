import { large } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { Unknown } from '../../../plan/unknown.ts'
import { hasSecret } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { LocalFile } from '../../local-file.ts'
import {
  diffGuard,
  parseGuard,
  probeGuard,
  programField,
  returnedByCommand,
  surroundings,
  type Guarded,
} from '../guard.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = Omit<ArgsOf<typeof args>, 'src'> & { readonly src: LocalFile | string | Unknown }

// $1 the script in base64; $2 what runs it or ''; then its words. A directory that only this user may enter: nobody can put another one in its place.
const run = `
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' HUP INT TERM
script=$folder/script
printf %s "$1" | base64 -d >"$script" || exit
chmod 0700 "$script"
${carry()}`

// $1 the script, which was sent as a file since a shell would hold all of it several times; then as above
const runSent = `
script=$1
trap 'rm -f -- "$script"' EXIT
trap 'exit 143' HUP INT TERM
${carry()}`

function carry(): string {
  return `by=$2
shift 2
if [ -z "$by" ]; then
  case $(head -c 2 "$script" | tr -d '\\0') in
    '#!') IFS= read -r by <"$script"; by=\${by#'#!'}; by=\${by#"\${by%%[! ]*}"} ;;
    *) by=/bin/sh ;;
  esac
  # a line such as "#!/usr/bin/env python3" is two words (execve(2)); /tmp may be mounted noexec, so the kernel is not asked
  case $by in *' '*) "\${by%% *}" "\${by#* }" "$script" "$@" ;; *) "$by" "$script" "$@" ;; esac
else "$by" "$script" "$@"; fi
`
}

/** Without declared effects: whatever stands before it is done before it, and what follows is read after it. */
export const module: HostModule<Args, Guarded> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: probeGuard,
  parse: parseGuard,
  blank: () => 'run',
  diff: (want, have) => diffGuard(want, programField('cmd', commandOf(want)), have),
  steps(want) {
    if (hasSecret(want.args))
      throw failure('E753', '`args` holds a secret, which the process list would show to everybody on the host', {
        hint: 'hand it over by `stdin` or by `environment`',
      })
    const words = [want.executable ?? '', ...(want.args ?? []).map(String)]
    if (want.src instanceof LocalFile && want.src.size >= large) {
      const path = `/var/tmp/.runner-script-${want.src.sha256.slice(0, 32)}`
      return [
        { kind: 'upload', path, content: want.src.sent(), mode: '0700', overLink: true },
        { kind: 'script', text: runSent, args: [path, ...words], ...surroundings(want) },
      ]
    }
    const content = want.src instanceof LocalFile ? want.src.content() : new Uint8Array()
    return [
      {
        kind: 'script',
        text: run,
        args: [Buffer.from(content).toString('base64'), ...words],
        ...surroundings(want),
      },
    ]
  },
  returned: (_want, _have, done) => returnedByCommand(done?.slice(-1)),
  timeout: 3600,
}

function commandOf({ src, args: words }: Args): unknown {
  if (src instanceof Unknown) return src
  const name = typeof src === 'string' ? src : src.path
  return [
    name.slice(name.lastIndexOf('/') + 1),
    ...((words as readonly unknown[] | Unknown | undefined) instanceof Unknown ? [words] : (words ?? [])),
  ]
}
