import { failure, Failure } from '../language/diagnostic.ts'
import { readSource } from '../language/source.ts'
import type { Value, Values } from '../plan/unknown.ts'
import { isMap } from '../plan/unknown.ts'

/** Variables of the command line: `k=v` (texts), `@file` (YAML or JSON) or a JSON map; the last one counts. */
export function parseExtraVars(texts: readonly string[], read: (file: string) => string): Values {
  const vars: Record<string, Value> = {}
  for (const text of texts)
    Object.assign(
      vars,
      text.startsWith('@')
        ? fromFile(text.slice(1), read)
        : text.trimStart().startsWith('{')
          ? fromJson(text)
          : fromPair(text),
    )
  return vars
}

function fromPair(text: string): Values {
  const cut = text.indexOf('=')
  const name = text.slice(0, Math.max(cut, 0)).trim()
  if (/^[A-Za-z_]\w*$/.test(name)) return { [name]: text.slice(cut + 1) }
  if (cut > 0)
    throw failure('E912', `\`${name}\` of -e cannot be the name of a variable`, {
      hint: 'it may have letters, digits and `_`, and begins with a letter',
    })
  throw failure('E912', `-e ${text} gives no value`, {
    hint: 'write -e name=value, -e @file.yml or -e \'{"name": ["a", "list"]}\'',
  })
}

function fromJson(text: string): Values {
  try {
    const value = JSON.parse(text) as Value
    if (isMap(value)) return value
  } catch (cause) {
    throw failure('E912', '-e is not a JSON map', { hint: (cause as Error).message.replace(/, "[\s\S]*/, ''), cause })
  }
  throw failure('E912', '-e is not a JSON map')
}

function fromFile(file: string, read: (file: string) => string): Values {
  const { value, diagnostics } = readSource(read(file), file, new WeakMap())
  const errors = diagnostics.filter((one) => one.severity === 'error')
  if (errors.length > 0) throw new Failure(errors)
  if (value === null) return {}
  if (isMap(value)) return value as Values
  throw failure('E912', `${file} is not a map of variables`, { hint: 'write `name: value`, one a line' })
}
