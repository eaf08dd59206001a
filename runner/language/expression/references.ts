import type { Source } from '../program.ts'
import { SecretSource } from '../../secret.ts'
import { Template, type Node } from './expression.ts'
import type { Range } from '../diagnostic.ts'

/** A variable that an expression refers to, with the members asked of it as far as they are written plainly. */
export interface Reference {
  readonly name: string
  readonly path: readonly (string | number)[]
  /** It may be absent: behind it stands `default`, or a test whether it is defined. */
  readonly guarded: boolean
  readonly at: Range
}

export function referencesOf(node: Node, guarded = false): readonly Reference[] {
  const chain = chainOf(node)
  if (chain) return [{ ...chain, guarded, at: node.at }, ...innerOf(node)]
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'list':
      return node.items.flatMap((item) => referencesOf(item, guarded))
    case 'map':
      return node.entries.flatMap(([key, value]) => [...referencesOf(key, guarded), ...referencesOf(value, guarded)])
    case 'attribute':
      return referencesOf(node.of, guarded)
    case 'index':
      return [...referencesOf(node.of, guarded), ...referencesOf(node.index, guarded)]
    case 'slice':
      return [node.of, node.start, node.stop, node.step].flatMap((part) => (part ? referencesOf(part, guarded) : []))
    case 'unary':
      return referencesOf(node.of, guarded)
    case 'binary': {
      // `x is defined and x.y` looks at x only when it is there
      const tested = node.operator === 'and' || node.operator === 'or' ? testedIn(node.left) : []
      const right = referencesOf(node.right, guarded).map((found) =>
        tested.includes(found.name) ? { ...found, guarded: true } : found,
      )
      return [...referencesOf(node.left, guarded), ...right]
    }
    case 'condition': {
      const tested = testedIn(node.test)
      const branches = [node.then, node.otherwise].flatMap((part) => (part ? referencesOf(part, guarded) : []))
      return [
        ...referencesOf(node.test, guarded),
        ...branches.map((found) => (tested.includes(found.name) ? { ...found, guarded: true } : found)),
      ]
    }
    case 'filter': {
      const soft = guarded || node.name === 'default'
      return [
        ...referencesOf(node.of, soft),
        ...[...node.args, ...Object.values(node.named)].flatMap((arg) => referencesOf(arg, guarded)),
      ]
    }
    case 'test': {
      const soft = guarded || node.name === 'defined' || node.name === 'undefined'
      return [...referencesOf(node.of, soft), ...node.args.flatMap((arg) => referencesOf(arg, guarded))]
    }
  }
}

/** All references of a value as written, at any depth. */
export function referencesIn(source: Source): readonly Reference[] {
  if (source instanceof Template)
    return source.parts.flatMap((part) => (typeof part === 'string' ? [] : referencesOf(part.node)))
  if (source instanceof SecretSource || source === null || typeof source !== 'object') return []
  return Object.values(source).flatMap((item) => referencesIn(item as Source))
}

function chainOf(node: Node): { name: string; path: readonly (string | number)[] } | undefined {
  if (node.kind === 'name') return { name: node.name, path: [] }
  if (node.kind === 'attribute') {
    const of = chainOf(node.of)
    return of && { name: of.name, path: [...of.path, node.name] }
  }
  if (
    node.kind === 'index' &&
    node.index.kind === 'literal' &&
    (typeof node.index.value === 'string' || typeof node.index.value === 'number')
  ) {
    const of = chainOf(node.of)
    return of && { name: of.name, path: [...of.path, node.index.value] }
  }
  return undefined
}

function innerOf(node: Node): readonly Reference[] {
  return node.kind === 'attribute' || node.kind === 'index' ? innerOf(node.of) : []
}

/** Names whose being there an expression asks for. */
function testedIn(node: Node): readonly string[] {
  if (node.kind === 'test' && (node.name === 'defined' || node.name === 'undefined')) {
    const chain = chainOf(node.of)
    return chain ? [chain.name] : []
  }
  if (node.kind === 'unary') return testedIn(node.of)
  return node.kind === 'binary' ? [...testedIn(node.left), ...testedIn(node.right)] : []
}
