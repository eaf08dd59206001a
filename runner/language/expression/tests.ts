import { same } from '../../plan/change.ts'
import { Secret } from '../../secret.ts'
import { firstUnknown, hasSecret, isMap, Unknown, type Value } from '../../plan/unknown.ts'
import { failure, type Range } from '../diagnostic.ts'
import { binary } from './operators.ts'
import { compilePattern } from './pattern.ts'
import { kindOf, revealed, unsaid } from './text.ts'

/** What a test (`is defined`) says of a value; undefined stands for what is not defined. */
export function applyTest(name: string, value: Value | undefined, args: readonly Value[], at: Range): Value {
  if (name === 'defined') return value !== undefined
  if (name === 'undefined') return value === undefined
  if (value === undefined) return false
  if (value instanceof Unknown) return value
  const [arg = null] = args
  switch (name) {
    case 'none':
      return value === null
    case 'string':
      return typeof value === 'string' || value instanceof Secret
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'mapping':
      return isMap(value)
    case 'sequence':
      return Array.isArray(value)
    case 'in':
      return binary('in', value, arg, at)
    case 'match':
    case 'search':
      return matches(name, value, arg, at)
    case 'eq':
      return firstUnknown([value, arg]) ?? same(value, arg)
    case 'ne':
      return firstUnknown([value, arg]) ?? !same(value, arg)
    case 'lt':
      return binary('<', value, arg, at)
    case 'le':
      return binary('<=', value, arg, at)
    case 'gt':
      return binary('>', value, arg, at)
    case 'ge':
      return binary('>=', value, arg, at)
    default:
      return ofResult(name, value, at)
  }
}

/** `is changed`, `is failed`, …: what a registered result says of itself. */
function ofResult(name: string, value: Value, at: Range): Value {
  if (!isMap(value) || !('changed' in value))
    throw failure('E320', `\`is ${name}\` asks about what a task registered, not ${kindOf(value)}`, { at })
  if (name !== 'succeeded') return value[name] ?? false
  const failed = value['failed'] ?? false
  return failed instanceof Unknown ? failed : failed !== true
}

function matches(name: string, value: Value, pattern: Value, at: Range): Value {
  const unknown = firstUnknown([value, pattern])
  if (unknown) return unknown
  const [text, source] = [revealed(value), revealed(pattern)]
  if (typeof text !== 'string' || typeof source !== 'string')
    throw failure(
      'E320',
      `\`is ${name}\` compares a text with a pattern, not ${kindOf(value)} with ${kindOf(pattern)}`,
      { at },
    )
  // as in Ansible `match` looks at the beginning, `search` anywhere
  const matched = (): boolean => compilePattern(name === 'match' ? `^(?:${source})` : source, '', at).test(text)
  return hasSecret([value, pattern]) ? unsaid(matched) : matched()
}
