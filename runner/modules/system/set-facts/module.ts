import type { Values } from '../../../plan/unknown.ts'
import type { RunnerModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: RunnerModule<Values> = {
  on: 'runner',
  summary,
  args,
  returns,
  key,
  evaluate: (want) => ({ returned: want, facts: want }),
}
