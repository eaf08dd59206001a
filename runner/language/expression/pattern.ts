import { failure, type Range } from '../diagnostic.ts'

/** A regular expression of the user; what Python writes `(?P<name>…)` is understood, too. */
export function compilePattern(source: string, flags: string, at: Range): RegExp {
  try {
    return new RegExp(source.replaceAll('(?P<', '(?<'), `${flags}u`)
  } catch {
    try {
      // escapes such as `\-` are fine in Python, but not with the flag u
      return new RegExp(source.replaceAll('(?P<', '(?<'), flags)
    } catch (cause) {
      throw failure('E322', `this is not a regular expression: ${source}`, {
        at,
        hint: (cause as Error).message,
        cause,
      })
    }
  }
}
