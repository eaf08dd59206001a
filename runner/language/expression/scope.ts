import type { SecretSource } from '../../secret.ts'
import type { Value } from '../../plan/unknown.ts'
import { failure } from '../diagnostic.ts'
import type { SourceMap } from '../program.ts'
import { render } from './evaluate.ts'

/** The variables that an expression sees. */
export interface Scope {
  /** Undefined: there is no such variable. */
  get(name: string): Value | undefined
  names(): readonly string[]
  secret(source: SecretSource): Value
}

/** Variables of one strength: as written (evaluated when asked for), or computed. */
export type Layer =
  | { readonly name: string; readonly sources: SourceMap }
  | {
      readonly name: string
      readonly get: (name: string) => Value | undefined
      readonly names: () => readonly string[]
    }

/**
 * One scope of many layers, the weakest first. A variable is evaluated when it is first asked for, seeing all others; one that
 * needs itself is an error.
 */
export function layered(layers: readonly Layer[], secret: (source: SecretSource) => Value): Scope {
  const strongest = layers.toReversed()
  const known = new Map<string, Value>()
  const open: string[] = []
  const scope: Scope = {
    get(name) {
      const already = known.get(name)
      if (already !== undefined) return already
      for (const layer of strongest) {
        const value = 'sources' in layer ? written(name, layer.sources) : layer.get(name)
        if (value === undefined) continue
        known.set(name, value)
        return value
      }
      return undefined
    },
    names: () => [
      ...new Set(layers.flatMap((layer) => ('sources' in layer ? Object.keys(layer.sources) : layer.names()))),
    ],
    secret,
  }
  const written = (name: string, sources: SourceMap): Value | undefined => {
    if (!Object.hasOwn(sources, name)) return undefined
    if (open.includes(name)) {
      throw failure(
        'E312',
        `the variable ${name} needs itself: ${[...open.slice(open.indexOf(name)), name].join(' → ')}`,
        { hint: 'give one of them another name' },
      )
    }
    open.push(name)
    try {
      return render(sources[name] ?? null, scope)
    } finally {
      open.pop()
    }
  }
  return scope
}
