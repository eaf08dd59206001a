/** A generator of random things that gives the same ones again for the same seed. */
export interface Random {
  whole(below: number): number
  pick<T>(list: readonly T[]): T
  /** A text of so many pieces at most, of those that trouble shells and parsers; without NUL, which no file name or word can have. */
  text(pieces: number, options?: { readonly lines?: boolean }): string
  /** One part of a path. */
  name(): string
  bytes(length: number): Buffer
}

const pieces = [
  "'",
  '"',
  '`',
  '$',
  '$(',
  ')',
  '${',
  '}',
  '\\',
  '\\n',
  '!',
  '*',
  '?',
  '[',
  ']',
  '~',
  '#',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  '%',
  '%s',
  '%d',
  '=',
  ' ',
  '  ',
  '\t',
  '-',
  '--',
  '-rf',
  '{{',
  '}}',
  '|',
  ':',
  ',',
  '@',
  '$HOME',
  '$(id)',
  '`id`',
  "'\\''",
  'EOF',
  '\u0001',
  '\u001B[31m',
  '\u007F',
  'a',
  'word',
  'ü',
  '日本',
  '🎉',
  '\u200D',
  'é',
  'true',
  'null',
  '0',
  '~root',
  '\\0',
  '\\x41',
] as const

// mulberry32: small, and as good as a test needs
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (below: number): number => Math.floor(next() * below)
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T
  const text = (most: number, { lines = true }: { readonly lines?: boolean } = {}): string =>
    Array.from({ length: whole(most + 1) }, () => (lines && next() < 0.1 ? '\n' : pick(pieces))).join('')
  return {
    whole,
    pick,
    text,
    name: () => `${text(6)}x`.replaceAll('/', '_').slice(0, 60),
    bytes: (length) => Buffer.from(Array.from({ length }, () => whole(256))),
  }
}
