/** How many arguments a filter or test takes besides the value it stands behind. */
export interface Signature {
  readonly min: number
  readonly max: number
}

const any = Number.POSITIVE_INFINITY
const filters: Readonly<Record<string, readonly [number, number]>> = {
  default: [1, 2],
  mandatory: [0, 1],
  bool: [0, 0],
  int: [0, 2],
  float: [0, 1],
  string: [0, 0],
  upper: [0, 0],
  lower: [0, 0],
  trim: [0, 1],
  replace: [2, 2],
  split: [0, 1],
  join: [0, 2],
  first: [0, 0],
  last: [0, 0],
  length: [0, 0],
  unique: [0, 0],
  sort: [0, 3],
  flatten: [0, 1],
  map: [1, any],
  select: [0, any],
  reject: [0, any],
  selectattr: [1, any],
  rejectattr: [1, any],
  dict2items: [0, 0],
  items2dict: [0, 2],
  combine: [1, any],
  to_json: [0, 1],
  from_json: [0, 0],
  to_yaml: [0, 1],
  b64encode: [0, 0],
  b64decode: [0, 0],
  hash: [0, 1],
  basename: [0, 0],
  dirname: [0, 0],
  regex_replace: [2, 2],
  ternary: [2, 3],
  quote: [0, 0],
  min: [0, 0],
  max: [0, 0],
  sum: [0, 2],
}
const tests: Readonly<Record<string, readonly [number, number]>> = {
  defined: [0, 0],
  undefined: [0, 0],
  none: [0, 0],
  string: [0, 0],
  number: [0, 0],
  mapping: [0, 0],
  sequence: [0, 0],
  boolean: [0, 0],
  in: [1, 1],
  match: [1, 1],
  search: [1, 1],
  eq: [1, 1],
  ne: [1, 1],
  lt: [1, 1],
  le: [1, 1],
  gt: [1, 1],
  ge: [1, 1],
  changed: [0, 0],
  failed: [0, 0],
  succeeded: [0, 0],
  skipped: [0, 0],
}

export const filterNames: readonly string[] = Object.keys(filters)
export const testNames: readonly string[] = Object.keys(tests)

export function filterSignature(name: string): Signature | undefined {
  return signature(filters, name)
}

export function testSignature(name: string): Signature | undefined {
  return signature(tests, name)
}

function signature(table: Readonly<Record<string, readonly [number, number]>>, name: string): Signature | undefined {
  if (!Object.hasOwn(table, name)) return undefined
  const [min, max] = table[name] as readonly [number, number]
  return { min, max }
}
