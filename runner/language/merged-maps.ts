import type { SourceMap } from './program.ts'
import type { Reading } from './reading.ts'

/** One map of several, of which the later count more; its members keep the ranges they have. */
export function mergedMaps({ ranges }: Reading, maps: readonly SourceMap[]): SourceMap {
  const merged: SourceMap = Object.assign({}, ...maps)
  const located = maps.flatMap((map) => ranges.get(map) ?? [])
  const last = located.at(-1)
  if (last)
    ranges.set(merged, {
      self: last.self,
      keys: new Map(located.flatMap((one) => [...one.keys])),
      values: new Map(located.flatMap((one) => [...one.values])),
    })
  return merged
}
