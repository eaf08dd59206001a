import {
  Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { SecretSource } from '../secret.ts'
import type { Diagnostic, Range } from './diagnostic.ts'
import { parseTemplate } from './expression/parse.ts'
import type { Source } from './program.ts'
import { plainTrap, secretSource } from './traps.ts'
import { inQuotes, isBroken, position, yamlErrors } from './yaml-errors.ts'

/** Where containers and their members stand in a file; found by identity. */
export interface Located {
  readonly self: Range
  readonly keys: Map<string | number, Range>
  readonly values: Map<string | number, Range>
}
export type Ranges = WeakMap<object, Located>

/** One YAML document as data, with the range of everything; undefined when it can't be understood at all. */
export interface SourceFile {
  readonly value: Source | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a YAML file: texts with `{{ … }}` become templates, `!secret` becomes a source of secrets, traps become diagnostics. */
export function readSource(text: string, file: string, ranges: Ranges): SourceFile {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.2',
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: [secretTag],
  })
  const diagnostics: Diagnostic[] = []
  const rangeOf = (from: number, to: number): Range => ({
    file,
    start: position(lines, from),
    end: position(lines, Math.max(from, to)),
  })
  if (!Array.isArray(documents) || documents.length === 0) return { value: null, diagnostics }
  const [document, second] = documents as Document[]
  if (second)
    diagnostics.push({
      severity: 'error',
      code: 'E102',
      message: 'a file holds one YAML document',
      at: rangeOf(second.range?.[0] ?? 0, (second.range?.[0] ?? 0) + 3),
      hint: 'remove the `---` between, or make two files of it',
    })
  if (!document) return { value: undefined, diagnostics }
  diagnostics.push(...yamlErrors(document, rangeOf, text))
  if (isBroken(document) || !document.contents) return { value: isBroken(document) ? undefined : null, diagnostics }
  const reader = new Reader(text, document, rangeOf, ranges, diagnostics)
  return { value: reader.read(document.contents as Node), diagnostics }
}

const secretTag = {
  tag: '!secret',
  identify: (value: unknown) => value instanceof SecretSource,
  resolve: (text: string) => text,
}

class Reader {
  readonly #text: string
  readonly #document: Document
  readonly #rangeOf: (from: number, to: number) => Range
  readonly #ranges: Ranges
  readonly #diagnostics: Diagnostic[]
  readonly #open: Node[] = []

  constructor(
    text: string,
    document: Document,
    rangeOf: (from: number, to: number) => Range,
    ranges: Ranges,
    diagnostics: Diagnostic[],
  ) {
    this.#text = text
    this.#document = document
    this.#rangeOf = rangeOf
    this.#ranges = ranges
    this.#diagnostics = diagnostics
  }

  read(node: Node | null): Source {
    if (node === null) return null
    if (isAlias(node)) return this.#alias(node)
    if (isScalar(node)) return this.#scalar(node)
    if (isMap(node)) return this.#map(node)
    if (isSeq(node)) {
      const items = node.items as Node[]
      const list = items.map((item) => this.read(item))
      this.#place(
        list,
        node,
        items.map((item, index) => [index, undefined, item]),
      )
      return list
    }
    return null
  }

  #alias(node: Alias): Source {
    const target = node.resolve(this.#document) as Node | undefined
    if (!target || this.#open.includes(target)) {
      this.#fault('E108', 'this alias leads nowhere', this.#range(node), 'define its anchor with `&name` before')
      return null
    }
    this.#open.push(target)
    const value = this.read(target)
    this.#open.pop()
    return value
  }

  #scalar(node: Scalar): Source {
    const at = this.#contentRange(node)
    if (node.tag === '!secret') {
      const { source, wrong } = secretSource(String(node.value))
      if (source) return source
      this.#fault('E109', wrong, at, 'env:NAME, file:path, ssm:/path, secretsmanager:name#key or sops:file#key')
      return null
    }
    const text = node.source ?? ''
    if (node.type === 'PLAIN') {
      const trap = plainTrap(text, node.value)
      if (trap) this.#fault(trap.code, trap.message, at, trap.hint)
    }
    if (typeof node.value !== 'string') return node.value as null | boolean | number
    const { template, diagnostics } = parseTemplate(node.value, at)
    this.#diagnostics.push(...diagnostics)
    return template
  }

  #map(node: YAMLMap): Source {
    const first = node.items[0] as Pair<Node, Node | null> | undefined
    if (node.flow && node.items.length === 1 && first && isMap(first.key) && first.value === null) {
      const range = this.#range(node)
      this.#fault(
        'E103',
        'an expression at the beginning of a value must be quoted',
        range,
        `write ${inQuotes(this.#slice(node))}`,
      )
      return null
    }
    const map: Record<string, Source> = {}
    const members: [string, Node, Node | null][] = []
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      if (!isPair(pair) || !isScalar(pair.key)) {
        this.#fault('E108', 'a key must be plain text', this.#range((pair.key as Node) ?? node), 'write `key: value`')
        continue
      }
      const key = String(pair.key.value)
      // the merge key `<<` is a symbol to the parser
      if (typeof pair.key.value === 'symbol') this.#merge(map, pair.value)
      else {
        map[key] = this.read(pair.value)
        members.push([key, pair.key, pair.value])
      }
    }
    this.#place(map, node, members)
    return map
  }

  #merge(map: Record<string, Source>, node: Node | null): void {
    const value = this.read(node)
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'object' && one !== null)
        for (const [key, item] of Object.entries(one)) map[key] ??= item as Source
    }
  }

  #place(
    value: object,
    node: Node,
    members: readonly (readonly [string | number, Node | undefined, Node | null])[],
  ): void {
    const keys = new Map<string | number, Range>()
    const values = new Map<string | number, Range>()
    for (const [name, key, item] of members) {
      if (key) keys.set(name, this.#range(key))
      if (item) values.set(name, isScalar(item) ? this.#contentRange(item) : this.#range(item))
    }
    this.#ranges.set(value, { self: this.#range(node), keys, values })
  }

  #range(node: Node): Range {
    const [from, to] = node.range ?? [0, 0]
    return this.#rangeOf(from, to)
  }

  #slice(node: Node): string {
    const [from, to] = node.range ?? [0, 0]
    return this.#text.slice(from, to)
  }

  /** Where the text of a scalar stands, without quotes or the header of a block. */
  #contentRange(node: Scalar): Range {
    const [from, to] = node.range ?? [0, 0]
    if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return this.#rangeOf(from + 1, to - 1)
    if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return this.#rangeOf(from, to)
    const body = /\n(?:[ \t]*\n)*( *)/.exec(this.#text.slice(from))
    const start = body ? from + body.index + body[0].length : from
    return this.#rangeOf(start, Math.max(start, to - 1))
  }

  #fault(code: `E${number}`, message: string, at: Range, hint?: string): void {
    this.#diagnostics.push({ severity: 'error', code, message, at, ...(hint !== undefined && { hint }) })
  }
}
