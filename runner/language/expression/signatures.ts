/** How many arguments a filter or test takes besides the value it stands behind, and how they are called. */
export interface Signature {
  readonly min: number
  readonly max: number
  /** Names of the arguments in their order, by which they can be given, too. */
  readonly positional: readonly string[]
  /** Names of those that can only be given by name. */
  readonly named: readonly string[]
}

type Row = readonly [min: number, positional?: readonly string[] | 'any', named?: readonly string[]]

/** The names are those of Jinja and Ansible. */
const filters: Readonly<Record<string, Row>> = {
  default: [1, ['default_value', 'boolean']],
  mandatory: [0, ['msg']],
  bool: [0],
  int: [0, ['default', 'base']],
  float: [0, ['default']],
  string: [0],
  list: [0],
  upper: [0],
  lower: [0],
  trim: [0, ['chars']],
  replace: [2, ['old', 'new']],
  split: [0, ['sep']],
  join: [0, ['d', 'attribute']],
  first: [0],
  last: [0],
  length: [0],
  unique: [0],
  sort: [0, ['reverse', 'case_sensitive', 'attribute']],
  flatten: [0, ['levels']],
  map: [1, 'any', ['attribute', 'default']],
  select: [0, 'any'],
  reject: [0, 'any'],
  selectattr: [1, 'any'],
  rejectattr: [1, 'any'],
  dict2items: [0, ['key_name', 'value_name']],
  items2dict: [0, ['key_name', 'value_name']],
  combine: [1, 'any', ['recursive']],
  to_json: [0, ['indent']],
  from_json: [0],
  to_yaml: [0, ['indent']],
  b64encode: [0],
  b64decode: [0],
  hash: [0, ['hashtype']],
  basename: [0],
  dirname: [0],
  regex_replace: [2, ['pattern', 'replacement', 'ignorecase', 'multiline']],
  ternary: [2, ['true_val', 'false_val', 'none_val']],
  quote: [0],
  min: [0, [], ['attribute']],
  max: [0, [], ['attribute']],
  sum: [0, ['attribute', 'start']],
}
const tests: Readonly<Record<string, Row>> = {
  defined: [0],
  undefined: [0],
  none: [0],
  string: [0],
  number: [0],
  mapping: [0],
  sequence: [0],
  boolean: [0],
  in: [1, ['other']],
  match: [1, ['other']],
  search: [1, ['other']],
  eq: [1, ['other']],
  ne: [1, ['other']],
  lt: [1, ['other']],
  le: [1, ['other']],
  gt: [1, ['other']],
  ge: [1, ['other']],
  changed: [0],
  failed: [0],
  succeeded: [0],
  skipped: [0],
}

export const filterNames: readonly string[] = Object.keys(filters)
export const testNames: readonly string[] = Object.keys(tests)

export function filterSignature(name: string): Signature | undefined {
  return signature(filters, name)
}

export function testSignature(name: string): Signature | undefined {
  return signature(tests, name)
}

function signature(table: Readonly<Record<string, Row>>, name: string): Signature | undefined {
  if (!Object.hasOwn(table, name)) return undefined
  const [min, positional = [], named = []] = table[name] as Row
  return positional === 'any'
    ? { min, max: Number.POSITIVE_INFINITY, positional: [], named }
    : { min, max: positional.length + named.length, positional, named }
}
