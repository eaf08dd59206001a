import { isAlias, isCollection, isScalar, visit, type Document, type LineCounter, type Node } from 'yaml'
import type { Diagnostic, Range } from './diagnostic.ts'

interface YamlError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}
type Ranged = (from: number, to: number) => Range

/** Line and column of an offset. */
export function position(lines: LineCounter, offset: number): Range['start'] {
  const { line, col } = lines.linePos(offset)
  return { line, column: Math.max(1, col) }
}

/**
 * What the YAML parser says of a document, in words that name the mend. What only follows from a fault (what stands behind it
 * on its line or the next, all that comes after an indent by a tab) is left out.
 */
export function yamlErrors(document: Document, rangeOf: Ranged, text: string): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  // a tag that nobody knows is a warning to the parser, which takes the value without it
  for (const error of [...document.errors, ...document.warnings.filter((one) => one.code === 'TAG_RESOLVE_FAILED')]) {
    const one = ofOne(error, document, rangeOf, text)
    const line = one.at?.start.line ?? 0
    const before = found.at(-1)
    const since = line - (before?.at?.start.line ?? Number.NEGATIVE_INFINITY)
    const follows = one.code === 'E100' && (since <= 1 || found.some((other) => other.code === 'E107'))
    if (!follows && !(one.code === 'E107' && before?.code === 'E107' && since === 0)) found.push(one)
  }
  return found
}

/** Whether what was read can be gone on with: only keys that stand there twice and unknown tags can. */
export function isBroken(document: Document): boolean {
  return document.errors.some((error) => error.code !== 'DUPLICATE_KEY')
}

function ofOne(error: YamlError, document: Document, rangeOf: Ranged, text: string): Diagnostic {
  const [from, to] = error.pos
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const lineEnd = endOfLine(text, from)
  const fault = (code: `E${number}`, message: string, hint: string, start = from, end = start + 1): Diagnostic => ({
    severity: 'error',
    code,
    message,
    at: rangeOf(start, Math.max(start + 1, Math.min(end, endOfLine(text, start)))),
    hint,
  })
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:,{}[\]]+)/.exec(text.slice(from))?.[0] ?? ''
    return fault(
      'E101',
      `the key \`${key}\` is there twice`,
      'YAML would take the last one; keep one of them',
      from,
      from + key.length,
    )
  }
  const opened = unquoted(text.slice(lineStart, lineEnd), from - lineStart)
  if (opened)
    return fault(
      'E103',
      'an expression at the beginning of a value must be quoted',
      `write ${inQuotes(opened.value)}`,
      lineStart + opened.start,
      lineStart + opened.start + opened.value.length,
    )
  const indent = /^[ \t]*/.exec(text.slice(lineStart, lineEnd))?.[0] ?? ''
  const tab = lineStart + indent.indexOf('\t')
  if (error.code === 'TAB_AS_INDENT' || indent.includes('\t'))
    return fault(
      'E107',
      'a tab stands where YAML wants spaces',
      'indent with spaces',
      indent.includes('\t') ? tab : from,
    )
  if (error.code === 'TAG_RESOLVE_FAILED') {
    const tag = text.slice(from, to)
    const hint = tag === '!vault' ? 'write `!secret sops:FILE#KEY`, or `!secret env:NAME`' : 'there is only `!secret`'
    return fault('E109', `\`${tag}\` is not a tag of the language`, hint, from, to)
  }
  if (error.message.startsWith('Missing closing')) {
    const start = openedBefore(document, to, (node) => isScalar(node) && (node.type ?? '').startsWith('QUOTE_'))
    return fault('E100', 'a quoted text has no end', `close it with ${error.message.at(-6)}`, start ?? from, lineEnd)
  }
  if (/must be sufficiently indented and end with|must end with a/.test(error.message)) {
    const close = /[}\]](?= *$)/m.exec(error.message)?.[0] ?? '}'
    const open = close === '}' ? '{' : '['
    const start = openedBefore(document, to, (node) => isCollection(node) && node.flow === true)
    return fault('E100', `\`${open}\` is never closed`, `close it with \`${close}\``, start ?? from)
  }
  const [, message, hint] = sentences.find(([pattern]) => pattern.test(error.message)) ?? []
  if (message === undefined || hint === undefined)
    return fault(
      'E100',
      `this is not YAML: ${error.message.replace(/ at line \d+.*$/s, '')}`,
      'compare it with the lines above',
      from,
      to,
    )
  const start = error.code === 'BAD_INDENT' || /column/.test(error.message) ? lineStart + indent.length : from
  return fault('E100', message, hint, start, start === from ? to : lineEnd)
}

const sentences: readonly (readonly [pattern: RegExp, message: string, hint: string])[] = [
  [
    /must start at the same column/,
    'this line is indented differently from its neighbours',
    'begin it in the same column as the lines it belongs to',
  ],
  [/Nested mappings are not/, 'a second `: ` stands in this line', 'quote the text that holds it, or begin a new line'],
  [/not allowed within flow/, 'a second `: ` stands in this value', 'separate members by commas, or quote the text'],
  [/need to be followed by map values/, 'there is no `:` behind this key', 'write `key: value`, or `- item`'],
  [/^Implicit keys/, 'there is no `:` behind this key', 'write `key: value`; or indent the text below its key'],
  [/Unexpected scalar at node end/, 'the value ends before this', 'put quotes around all of it, or begin a new line'],
  [/Missing , /, 'a comma is missing before this', 'separate members by commas'],
  [/Plain value cannot start with/, 'a text cannot begin like this', 'quote it'],
  [/Invalid escape sequence/, 'this is no escape sequence', 'write two backslashes, or use single quotes'],
  [/alias/i, 'this alias leads nowhere', 'define its anchor with `&name` before'],
  [/without - indicator|A block sequence may not/, 'a list and a map are mixed here', 'indent the one below the other'],
]

/** A text as it is written in quotes; those of an expression in it are let be. */
export function inQuotes(text: string): string {
  const quote = text.includes('"') ? "'" : '"'
  return quote + text + quote
}

/** A value that begins with `{{ … }}` and goes on behind it, where the parser stumbles since it took it for a map. */
function unquoted(line: string, stumbled: number): { start: number; value: string } | undefined {
  for (const found of line.matchAll(/(?<=^\s*|[:,[{-]\s+)\{\{.*?\}\}/g)) {
    const behind = found.index + found[0].length
    if (behind > stumbled || !/^\s*$/.test(line.slice(behind, stumbled))) continue
    const inFlow = /[{[]\s/.test(line.slice(0, found.index))
    const rest = (inFlow ? /^[^,}\]]*/ : /^.*?(?=\s+#|\s*$)/).exec(line.slice(behind))?.[0] ?? ''
    return { start: found.index, value: `${found[0]}${rest.trimEnd()}` }
  }
  return undefined
}

/** Where the last node begins that is of a kind and not closed before an offset. */
function openedBefore(document: Document, offset: number, kind: (node: Node) => boolean): number | undefined {
  let start: number | undefined
  visit(document, {
    Node(_key, node) {
      const range = isAlias(node) ? undefined : node.range
      if (range && range[0] < offset && range[1] >= offset - 1 && kind(node)) start = range[0]
    },
  })
  return start
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}
