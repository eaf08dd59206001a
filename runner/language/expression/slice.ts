/** `list[start:stop:step]` as in Python: bounds count from the end when negative, and what lies outside is no error. */
export function sliced<T>(list: readonly T[], start: number | null, stop: number | null, step: number): T[] {
  const { length } = list
  const backwards = step < 0
  const within = (bound: number): number =>
    Math.min(Math.max(bound < 0 ? bound + length : bound, backwards ? -1 : 0), backwards ? length - 1 : length)
  const first = start === null ? (backwards ? length - 1 : 0) : within(start)
  const end = stop === null ? (backwards ? -1 : length) : within(stop)
  const result: T[] = []
  for (let index = first; backwards ? index > end : index < end; index += step) result.push(list[index] as T)
  return result
}
