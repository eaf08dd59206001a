import { printable, Unknown } from '../../../plan/unknown.ts'
import type { RunnerModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

interface Args {
  readonly msg?: unknown
}

/** It fails for certain; only why may not be known yet, and then the plan says that it will. */
export const module: RunnerModule<Args> = {
  on: 'runner',
  summary,
  args,
  returns,
  key,
  evaluate({ msg = 'Failed as requested from task' }) {
    if (msg instanceof Unknown)
      return { returned: {}, message: `will fail, with a sentence that exists once ${msg.why}` }
    return { returned: {}, failure: String(printable(msg)) }
  },
}
