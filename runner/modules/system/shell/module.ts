import type { ArgsOf, HostModule } from '../../module.ts'
import {
  diffGuard,
  parseGuard,
  probeGuard,
  programField,
  returnedByCommand,
  surroundings,
  type Guarded,
} from '../guard.ts'
import { programOf } from '../words.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

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
  diff: (want, have) => diffGuard(want, programField('cmd', want.cmd), have),
  steps: (want) => [
    { kind: 'exec', argv: programOf([want.executable ?? '/bin/sh', '-c', want.cmd], 'cmd'), ...surroundings(want) },
  ],
  returned: (_want, _have, done) => returnedByCommand(done),
  timeout: 3600,
}
