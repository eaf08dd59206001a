import { firstUnknown, isMap, printable, Unknown, type Value } from '../../../plan/unknown.ts'
import type { Evaluated, RunnerModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

interface Args {
  readonly that: readonly (Evaluated | boolean | Unknown)[] | Unknown
  readonly fail_msg?: unknown
  readonly success_msg?: unknown
}

/** A condition that is not known yet does not fail: it is asked again when it is. */
export const module: RunnerModule<Args> = {
  on: 'runner',
  summary,
  args,
  returns,
  key,
  evaluate({ that, fail_msg, success_msg }) {
    const conditions = that instanceof Unknown ? [that] : that.map((item) => (isEvaluated(item) ? item.holds : item))
    const first = conditions.findIndex((condition) => !(condition instanceof Unknown) && !truthy(condition))
    if (first !== -1) {
      const item = that instanceof Unknown ? undefined : that[first]
      const text = item !== undefined && isEvaluated(item) ? item.text : `condition ${first + 1}`
      return { returned: {}, failure: sentence(fail_msg) ?? `this does not hold: ${text}` }
    }
    const unknown = firstUnknown(conditions)
    if (unknown) return { returned: {}, message: `cannot be told before ${unknown.why}` }
    const message = sentence(success_msg)
    return { returned: {}, ...(message !== undefined && { message }) }
  },
}

function isEvaluated(item: Evaluated | boolean | Unknown): item is Evaluated {
  return isMap(item) && 'holds' in item
}

/** As Jinja has it: nothing, zero and what is empty are false. */
function truthy(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(value)
}

function sentence(text: unknown): string | undefined {
  return text === undefined || text instanceof Unknown ? undefined : String(printable(text))
}
