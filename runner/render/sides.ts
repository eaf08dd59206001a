import { clip, widthOf } from './escape.ts'

/** Fewer equal characters than this before the first difference say little about where it stands. */
const leastContext = 3

/**
 * Two values in so many columns, so that what differs is to be seen on both sides: each from its beginning where that
 * shows it, else from a little before the difference. The shorter keeps what it needs, the other takes what is left.
 */
export function sides(before: string, after: string, columns: number): readonly [string, string] {
  if (widthOf(before) + widthOf(after) <= columns) return [before, after]
  const equal = samePrefix(before, after)
  const fromStart = clipBoth(before, after, columns)
  if (showsDifference(fromStart, [before, after], equal)) return fromStart
  const [x, y] = [before.slice(equal.length), after.slice(equal.length)]
  const left = Math.floor((columns - 2 - widthOf(x) - widthOf(y)) / 2)
  const most = Math.max(0, Math.floor(columns / 2) - 3)
  const context = lastColumns(equal, Math.max(left, Math.min(leastContext, most)))
  return clipBoth(`…${context}${x}`, `…${context}${y}`, columns)
}

function clipBoth(before: string, after: string, columns: number): readonly [string, string] {
  const [a, b] = [widthOf(before), widthOf(after)]
  const half = Math.max(1, Math.floor(columns / 2))
  const left = Math.min(a, Math.max(half, columns - b))
  return [clip(before, left), clip(after, Math.max(1, columns - left))]
}

/** Whether each side goes on beyond what both begin with, or ends there uncut. */
function showsDifference(shown: readonly [string, string], whole: readonly [string, string], equal: string): boolean {
  return shown.every((text, index) => text === whole[index] || widthOf(text) > widthOf(equal) + 1)
}

function samePrefix(a: string, b: string): string {
  const other = Array.from(b)
  const characters = Array.from(a)
  const differs = characters.findIndex((character, index) => character !== other[index])
  return differs === -1 ? a : characters.slice(0, differs).join('')
}

function lastColumns(text: string, columns: number): string {
  let result = ''
  for (const character of Array.from(text).toReversed()) {
    if (widthOf(character + result) > columns) break
    result = character + result
  }
  return result
}
