import { Unknown, printable, type Value } from '../../../plan/unknown.ts'
import type { Evaluated, RunnerModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

interface Args {
  readonly msg?: Value
  readonly var?: readonly Evaluated[] | Unknown
}

export const module: RunnerModule<Args> = {
  on: 'runner',
  summary,
  args,
  returns,
  key,
  evaluate(want) {
    if (want.var === undefined) return { returned: { msg: want.msg ?? '' }, message: spelled(want.msg) }
    if (want.var instanceof Unknown) return { returned: { msg: want.var }, message: spelled(want.var) }
    const [{ text, holds } = { text: '', holds: null }] = want.var
    return { returned: { msg: holds }, message: `${text} = ${spelled(holds)}` }
  },
}

/** A text as it is, anything else as JSON: in one line where that is short. */
function spelled(value: Value | undefined): string {
  const plain = printable(value ?? '')
  if (typeof plain === 'string') return plain
  const line = JSON.stringify(plain)
  return line.length <= 80 ? line : JSON.stringify(plain, null, 2)
}
