import { Buffer } from 'node:buffer'
import { isMap } from './plan/unknown.ts'

/** Knows secrets, and takes them out of what others say: a host that echoes one, an error that quotes it. */
export interface Mask {
  learn(secret: string): void
  text(text: string): string
  /** The same in every text inside a value of plain data. */
  deep<T>(value: T): T
}

/** Shorter ones would be found everywhere. */
const shortest = 4
const instead = '[secret]'

/** One for a run: it fills as secrets come up, so what is told before that must not know them. */
export function makeMask(): Mask {
  const known = new Set<string>()
  const forms = new Set<string>()
  let pattern: RegExp | undefined
  const text = (given: string): string => {
    if (forms.size === 0) return given
    // the longest first: what holds another goes as a whole
    pattern ??= new RegExp(
      [...forms]
        .toSorted((a, b) => b.length - a.length)
        .map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
        .join('|'),
      'g',
    )
    return given.replaceAll(pattern, instead)
  }
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (!isMap(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), deep(item)]))
  }
  return {
    learn(secret) {
      if (known.has(secret)) return
      known.add(secret)
      for (const part of partsOf(secret)) for (const form of formsOf(part)) if (form.length >= shortest) forms.add(form)
      pattern = undefined
    },
    text,
    deep: (value) => (forms.size === 0 ? value : (deep(value) as typeof value)),
  }
}

/** The secret, and of one of several lines each that says something: output comes a line at a time. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= 8)
  return secret.trim().length < shortest ? [] : secret.includes('\n') ? [secret, ...lines] : [secret]
}

/** The ways in which programs write a text: as it is, and as base64, hex, URL, JSON, HTML and the shell have it. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const json = JSON.stringify(secret).slice(1, -1)
  const ascii = json.replaceAll(/[\u007F-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const url = encodeURIComponent(secret)
  const strict = url.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const urls = [url, strict, encodeURI(secret)].flatMap((one) => [
    one,
    one.replaceAll('%20', '+'),
    one.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ])
  const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    secret,
    hex,
    hex.toUpperCase(),
    ...based(bytes),
    json,
    ascii,
    json.replaceAll('/', '\\/'),
    ...urls,
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#x27;'),
    ...quoted(secret),
  ]
}

/** Inside single quotes, inside double quotes, each sign by itself as `printf %q` has it, and in `$'…'`. */
function quoted(secret: string): readonly string[] {
  return [
    secret.replaceAll("'", String.raw`'\''`),
    secret.replaceAll("'", `'"'"'`),
    secret.replaceAll(/["$`\\!]/g, String.raw`\$&`),
    secret.replaceAll(/["$`\\]/g, String.raw`\$&`),
    secret.replaceAll(/[^\w@%+=:,./\-\u0080-\uFFFF]/g, String.raw`\$&`),
    secret
      .replaceAll(/['\\]/g, String.raw`\$&`)
      .replaceAll('\n', String.raw`\n`)
      .replaceAll('\t', String.raw`\t`),
  ]
}

/** Base64 of the secret wherever it begins in what was encoded (`user:secret`): those signs that it alone decides (RFC 4648, section 4). */
function based(bytes: Buffer): readonly string[] {
  const forms = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const left = Math.ceil((before * 8) / 6)
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(left, whole)
  })
  // shorter pieces would be found in any text that is encoded so
  return forms
    .filter((form) => form.length >= 6)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
