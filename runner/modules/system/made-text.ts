import { firstUnknown, hasSecret, isMap, Unknown } from '../../plan/unknown.ts'
import { Secret } from '../../secret.ts'

/**
 * A text made of arguments: not known while one of them is not, and a secret if one of them is. `make` is given the values with
 * their secrets open.
 */
export function madeOf<T>(values: T, make: (known: T) => string): string | Secret | Unknown {
  const unknown = firstUnknown(values)
  if (unknown) return hasSecret(values) ? new Unknown(unknown.why, true) : unknown
  const secrets = secretsIn(values)
  let text = ''
  const open = (left: readonly Secret[], opened: readonly string[]): void => {
    const [first, ...rest] = left
    if (!first) {
      const texts = [...opened]
      text = make(filled(values, texts) as T)
      return
    }
    first.map((inner) => {
      open(rest, [...opened, inner])
      return ''
    })
  }
  open(secrets, [])
  return secrets.length > 0 ? new Secret(text) : text
}

function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value]
  if (Array.isArray(value)) return value.flatMap(secretsIn)
  return isMap(value) ? Object.values(value).flatMap(secretsIn) : []
}

/** The value with its secrets, in the order of {@link secretsIn}, replaced by their texts. */
function filled(value: unknown, texts: string[]): unknown {
  if (value instanceof Secret) return texts.shift() ?? ''
  if (Array.isArray(value)) return value.map((item) => filled(item, texts))
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, texts)]))
}
