import type { Field } from '../plan/change.ts'
import type { Json } from '../plan/unknown.ts'
import { escapeLine } from './escape.ts'

export type JsonMap = Readonly<Record<string, Json>>

export function isJsonMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** Stands for a secret that was: unlike the label of one that is wanted, so that the two count as different. */
export const masked = '[secret]\u0000'

const labels: readonly string[] = ['(known after apply)', '[secret]']

/** A value on one line, as YAML in flow form writes it: texts are quoted only where they would be read as something else. */
export function flow(value: Json | undefined, inside = false): string {
  if (value === undefined) return '(not set)'
  if (typeof value === 'string') return quoted(value, inside)
  if (isJsonList(value)) return `[${value.map((item) => flow(item, true)).join(', ')}]`
  if (isJsonMap(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${quoted(key, true)}: ${flow(item, true)}`)
      .join(', ')}}`
  return String(value)
}

function quoted(text: string, inside: boolean): string {
  if (text === masked) return '[secret]'
  if (labels.includes(text)) return text
  const plain =
    text !== '' &&
    text === text.trim() &&
    !/^(?:true|false|null|~|[-+.]?\d[\d_.]*(?:e[-+]?\d+)?|0x[\da-f]+|["'].*)$/i.test(text) &&
    !(inside && /[,[\]{}]|: |^[-?#&*!|>%@`]/.test(text))
  return escapeLine(plain ? text : `"${text.replaceAll('"', '\\"')}"`)
}

/** What a field may show of the value before: of a sensitive one only the leaves which also stand, unmasked, in the one after. */
export function beforeOf({
  before,
  after,
  sensitive,
}: Pick<Field, 'before' | 'after' | 'sensitive'>): Json | undefined {
  if (!sensitive || before === undefined) return before
  const harmless = new Set<Json>()
  eachLeaf(after, (leaf) => harmless.add(leaf))
  for (const label of labels) harmless.delete(label)
  return mask(before, harmless)
}

function eachLeaf(value: Json | undefined, visit: (leaf: Json) => void): void {
  if (value === undefined) return
  if (isJsonList(value)) for (const item of value) eachLeaf(item, visit)
  else if (isJsonMap(value)) for (const item of Object.values(value)) eachLeaf(item, visit)
  else visit(value)
}

function mask(value: Json, harmless: ReadonlySet<Json>): Json {
  if (isJsonList(value)) return value.map((item) => mask(item, harmless))
  if (isJsonMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, harmless)]))
  return value === null || harmless.has(value) ? value : masked
}
