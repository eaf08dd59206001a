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
  diff: (want, have) =>
    diffGuard(want, want.argv ? programField('argv', want.argv) : programField('cmd', want.cmd), have),
  steps(want) {
    const argv = want.argv ? programOf(want.argv, 'argv') : programOf(want.cmd, 'cmd')
    return [{ kind: 'exec', argv, ...surroundings(want) }]
  },
  returned: (_want, _have, done) => returnedByCommand(done),
  timeout: 3600,
}
