import type { SourceMap } from './program.ts'
import { keyRange, valueRange, type Reading } from './reading.ts'

/** Variables that are always there and cannot be set. */
export const magicNames: readonly string[] = ['inventory_hostname', 'groups', 'hostvars', 'playbook_dir', 'facts']

/** Says which names of variables no expression could refer to, or would not find what was set. */
export function checkVariableNames(reading: Reading, vars: SourceMap): void {
  for (const name of Object.keys(vars)) {
    const wrong = whyNot(name)
    if (wrong) reading.fault('E128', wrong.message, keyRange(reading, vars, name), wrong.hint)
  }
}

/** The same for a name that stands as a value: `register: name`. */
export function checkVariableName(reading: Reading, map: SourceMap, key: string): void {
  const name = map[key]
  const wrong = typeof name === 'string' ? whyNot(name) : undefined
  if (wrong) reading.fault('E128', wrong.message, valueRange(reading, map, key), wrong.hint)
}

function whyNot(name: string): { readonly message: string; readonly hint: string } | undefined {
  if (magicNames.includes(name))
    return { message: `\`${name}\` is always there and cannot be set`, hint: 'take another name' }
  if (/^[A-Za-z_]\w*$/.test(name)) return undefined
  const better = name.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_')
  return {
    message: `\`${name}\` cannot be the name of a variable`,
    hint: /^[A-Za-z_]/.test(better) && better !== '' ? `write \`${better}\`` : 'it may have letters, digits and `_`',
  }
}
