import { clip, widthOf } from './escape.ts'

/** A part of a line, and what gives it its colour. */
export type Segment = readonly [text: string, colour?: (text: string) => string]

/** A line of parts, cut to a number of columns before it is coloured: codes take no room. */
export function line(segments: readonly Segment[], columns: number): string {
  let left = columns
  let result = ''
  for (const [index, [text, colour]] of segments.entries()) {
    const rest = segments.slice(index + 1).reduce((width, [after]) => width + widthOf(after), 0)
    const fits = widthOf(text) + rest <= left
    // the cut is marked once: in the part that crosses the edge, or behind one that just reaches it
    const shown = fits ? text : clip(widthOf(text) < left ? text : `${text}…`, left)
    result += colour ? colour(shown) : shown
    left -= widthOf(shown)
    if (left <= 0) break
  }
  return result
}
