import { Failure, failure, type Diagnostic, type Position, type Range } from '../diagnostic.ts'
import { Template, type Expression } from './expression.ts'
import type { Ranged } from './lex.ts'
import { parseNode } from './parser.ts'

/** Parses a bare expression (`when:`). `at` is the range of the text itself, quotes not included. */
export function parseExpression(
  text: string,
  at: Range,
): { expression?: Expression; diagnostics: readonly Diagnostic[] } {
  const wrapped = /^\s*\{\{([\s\S]*)\}\}\s*$/.exec(text)
  if (wrapped) {
    const hint = `write it without braces: ${wrapped[1]?.trim() ?? ''}`
    return { diagnostics: [{ severity: 'error', code: 'E306', message: 'this is an expression already', at, hint }] }
  }
  return caught(() => ({
    expression: { text, at, node: parseNode(text, 0, text.length, rangesIn(text, at)) },
    diagnostics: [],
  }))
}

/**
 * Parses a text with `{{ … }}` in it; a text without any comes back as it is. Comments `{# … #}` are left out. Parts with
 * faults are left out, too, so that all faults of the others are found.
 */
export function parseTemplate(
  text: string,
  at: Range,
): { template: Template | string; diagnostics: readonly Diagnostic[] } {
  if (!text.includes('{{') && !text.includes('{#') && !text.includes('{%')) return { template: text, diagnostics: [] }
  const diagnostics: Diagnostic[] = []
  const parts = partsOf(text, rangesIn(text, at), (fault) => diagnostics.push(...fault.diagnostics))
  if (parts.every((part) => typeof part === 'string')) return { template: parts.join(''), diagnostics }
  return { template: new Template(text, parts, at), diagnostics }
}

function caught<T extends { diagnostics: readonly Diagnostic[] }>(
  parse: () => T,
): T | { diagnostics: readonly Diagnostic[] } {
  try {
    return parse()
  } catch (error) {
    if (error instanceof Failure) return { diagnostics: error.diagnostics }
    throw error
  }
}

function partsOf(text: string, range: Ranged, wrong: (fault: Failure) => void): (string | Expression)[] {
  const parts: (string | Expression)[] = []
  const opening = /\{\{|\{#|\{%/g
  let from = 0
  let statements = false
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const { index } = match
    const [opened] = match
    const closing = ends[opened] ?? '}}'
    const close = opened === '{{' ? endOfExpression(text, index + 2) : text.indexOf(closing, index + 2)
    if (index > from) parts.push(text.slice(from, index))
    from = close === -1 ? index + 2 : close + 2
    opening.lastIndex = from
    if (opened === '{%') {
      // one is enough to know that the text is written for another language
      if (!statements) wrong(statement(range(index, index + 2)))
      statements = true
    } else if (close === -1) wrong(unclosed(opened, closing, range(index, index + 2)))
    else if (opened === '{{') {
      try {
        parts.push(expressionIn(text, index + 2, close, range))
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        wrong(error)
      }
    }
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

const ends: Readonly<Record<string, string>> = { '{{': '}}', '{#': '#}', '{%': '%}' }

function statement(at: Range): Failure {
  return failure('E307', 'statements `{% … %}` are not part of the language', {
    at,
    hint: 'use expressions with filters (`{{ list | join("\\n") }}`), or a loop over tasks',
  })
}

function unclosed(opened: string, closing: string, at: Range): Failure {
  return failure('E308', `\`${opened}\` is never closed`, { at, hint: `close it with \`${closing}\`` })
}

function expressionIn(text: string, from: number, close: number, range: Ranged): Expression {
  // `{{-` and `-}}` trim white space in Jinja; here they are only allowed, since values keep their type
  const start = text[from] === '-' && /\s/.test(text[from + 1] ?? '') ? from + 1 : from
  const end = text[close - 1] === '-' && close - 1 > start ? close - 1 : close
  return {
    text: text.slice(start, end).trim(),
    at: range(from - 2, close + 2),
    node: parseNode(text, start, end, range),
  }
}

/** Offset of the `}}` that ends an expression: not one inside quotes or one that closes maps. */
function endOfExpression(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === "'" || character === '"') {
      const end = endOfQuoted(text, at)
      if (end === -1) return text.indexOf('}}', from)
      at = end
    } else if (character === '{') depth += 1
    else if (character === '}') {
      if (depth === 0) return text[at + 1] === '}' ? at : -1
      depth -= 1
    }
  }
  return -1
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === text[start]) return at
  }
  return -1
}

/** Positions of a text whose lines all begin in the column in which it begins (one line, a block, or a file). */
function rangesIn(text: string, at: Range): Ranged {
  const position = (offset: number): Position => {
    const before = text.slice(0, offset)
    const lines = before.split('\n')
    return { line: at.start.line + lines.length - 1, column: at.start.column + (lines.at(-1)?.length ?? 0) }
  }
  return (from, to) => ({ file: at.file, start: position(from), end: position(to) })
}
