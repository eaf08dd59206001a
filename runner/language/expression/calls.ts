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
  const { min, max, positional } = signature
  const names = [...positional, ...signature.named]
  const strange = Object.entries(named).find(
    ([word]) => !names.includes(word) || (positional.includes(word) && positional.indexOf(word) < args.length),
  )
  if (strange) {
    const [word, node] = strange
    if (names.includes(word)) return [failure('E304', `${kind} ${name} is given ${word} twice`, { at: node.at })]
    const hint = names.length > 0 ? `it takes ${names.join(', ')}` : 'it takes none by name'
    return [failure('E304', `${kind} ${name} has no argument ${word}`, { at: node.at, hint })]
  }
  const count = args.length + Object.keys(named).length
  if (count >= min && count <= max) return []
  const needs = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
  const plural = needs === '1' ? '' : 's'
  return [failure('E304', `${kind} ${name} takes ${needs} argument${plural}, not ${count}`, { at })]
}

/** Arguments that were given by name stand where they would stand without it; those before them that were left out are nothing. */
export function inOrder(
  name: string,
  args: readonly Node[],
  named: Readonly<Record<string, Node>>,
  at: Range,
): { args: readonly Node[]; named: Readonly<Record<string, Node>> } {
  const positional = filterSignature(name)?.positional ?? []
  const last = positional.findLastIndex((word) => Object.hasOwn(named, word))
  const nothing: Node = { kind: 'literal', value: null, at }
  return {
    args:
      last < args.length
        ? args
        : positional.slice(0, last + 1).map((word, index) => args[index] ?? named[word] ?? nothing),
    named: Object.fromEntries(Object.entries(named).filter(([word]) => !positional.includes(word))),
  }
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
