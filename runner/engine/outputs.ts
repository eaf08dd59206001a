import type { CloudModule, Module } from '../modules/module.ts'
import { isMap, Unknown, type Value, type Values } from '../plan/unknown.ts'
import type { Unit } from './outcome.ts'

/**
 * Every declared output of a unit as not known, but for those that are a key argument by the same name. `fresh`: of an object that
 * is made anew.
 */
export function unknownOutputs(module: Module, want: Values, unit: Unit, why: string, fresh = false): Values {
  return Object.fromEntries(
    Object.keys(module.returns.properties).map((output): [string, Value] => {
      const given = module.key.includes(output) ? want[output] : undefined
      return [output, given ?? new Unknown(why, false, fresh, isLate(module, output) ? [unit.id] : [])]
    }),
  )
}

/** Whether an output holds only once the object is ready, not as soon as AWS has accepted it. */
export function isLate(module: Module, output: string): boolean {
  const property = module.returns.properties[output]
  return isMap(property as never) && (property as { 'x-ready'?: true })['x-ready'] === true
}

/** Whether a task with these arguments only looks something up. */
export function looksUp({ lookup }: CloudModule, want: Values): boolean {
  return typeof lookup === 'function' ? lookup(want) : lookup === true
}
