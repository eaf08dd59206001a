import type { Module } from '../modules/module.ts'
import { Unknown, type Value, type Values } from '../plan/unknown.ts'

/** Every declared output as not known, but for those that are a key argument by the same name. `fresh`: of an object that is made anew. */
export function unknownOutputs(module: Module, want: Values, why: string, fresh = false): Values {
  return Object.fromEntries(
    Object.keys(module.returns.properties).map((output): [string, Value] => {
      const given = module.key.includes(output) ? want[output] : undefined
      return [output, given ?? new Unknown(why, false, fresh)]
    }),
  )
}
