import { closest } from '../closest.ts'
import { failure, type Failure, type Range } from '../diagnostic.ts'
import type { Node } from './expression.ts'
import { filterNames, filterSignature, testNames, testSignature } from './signatures.ts'

/** What is wrong with the use of a filter or test: it does not exist, or is given too few or too many arguments. */
export function faultsOfCall(
  kind: 'filter' | 'test',
  name: string,
  args: readonly Node[],
  named: Readonly<Record<string, Node>>,
  at: Range,
): readonly Failure[] {
  const signature = kind === 'filter' ? filterSignature(name) : testSignature(name)
  if (!signature) {
    const names = kind === 'filter' ? filterNames : testNames
    const near = closest(name, names)
    const hint = near === undefined ? `the ${kind}s are ${names.join(' ')}` : `did you mean \`${near}\`?`
    return [failure(kind === 'filter' ? 'E302' : 'E303', `unknown ${kind} \`${name}\``, { at, hint })]
  }
  const { min, max } = signature
  const count = args.length + Object.keys(named).length
  if (count >= min && count <= max) return []
  const needs = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
  const plural = needs === '1' ? '' : 's'
  return [failure('E304', `${kind} ${name} takes ${needs} argument${plural}, not ${count}`, { at })]
}

/** There is no way to call anything: only filters compute. */
export function noCalls(node: Node): Failure {
  const name = node.kind === 'attribute' || node.kind === 'name' ? node.name : ''
  const hints: Readonly<Record<string, string>> = {
    lookup: 'read secrets with `!secret env:NAME` or `!secret file:PATH`, files with `src:`',
    range: 'write the list itself',
  }
  const filter = filterNames.includes(name) ? `use the filter: \`value | ${name}\`` : 'use a filter: `value | filter`'
  return failure('E305', 'functions and methods can’t be called', { at: node.at, hint: hints[name] ?? filter })
}
