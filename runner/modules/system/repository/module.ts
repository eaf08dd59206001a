import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { HostModule } from '../../module.ts'
import { parseFiles, removalOfFiles } from '../files.ts'
import { absent } from '../path-state.ts'
import { diff, keyText, pathsOf, textOf, wantedFingerprints, type Args, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { look, put } from './scripts.ts'

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 10,
  probe: ({ name }) => ({ kind: 'script', text: look, args: [name] }),
  parse,
  blank: () => ({ source: absent, key: absent, fingerprints: [] }),
  diff,
  steps,
  returned: ({ name }, { fingerprints }) => ({ file: pathsOf(name)[0], fingerprints }),
  unsettled: ['fingerprints'],
  undo: (want, have) => (want.state === 'absent' ? [] : removal(want, have)),
  // the lists of packages are fetched, too: nothing else may do so meanwhile
  effects: ({ name }) => ({ writes: [...pathsOf(name), 'package:'] }),
  timeout: 900,
}

function parse({ stdout, stderr, code }: Output, { name }: Args): Have {
  if (code === 3)
    throw failure(
      'E770',
      `package archives are known on Debian and Ubuntu only; this host (${stderr.trim()}) has no apt`,
      {
        hint: 'use system.command with the package manager of the host',
      },
    )
  const [source = absent, key = absent] = parseFiles(stdout, stderr, pathsOf(name))
  const fingerprints = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('fingerprint ') ? [line.slice('fingerprint '.length)] : []))
  return { source, key, fingerprints }
}

function steps(want: Args, have: Have, change: Change): readonly Step[] {
  if (want.state === 'absent') return removal(want, have)
  const { name, key, key_file, key_url = '' } = want
  const changed = change.action === 'create' || change.fields.some((field) => field.path.startsWith('key'))
  const given =
    key === undefined
      ? typeof key_file === 'object'
        ? new TextDecoder().decode(key_file.content())
        : undefined
      : keyText(key)
  const how = given !== undefined ? 'stdin' : key_url === '' ? 'none' : changed ? 'url' : 'kept'
  return [
    {
      kind: 'script',
      text: put,
      args: [name, textOf(want), how, key_url, ...wantedFingerprints(want)],
      ...(given !== undefined && { stdin: given }),
    },
  ]
}

function removal({ name }: Args, have: Have): readonly Step[] {
  return removalOfFiles(pathsOf(name), [have.source, have.key])
}
