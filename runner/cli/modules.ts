import { existsSync, readFileSync } from 'node:fs'
import { closest } from '../language/closest.ts'
import { failure } from '../language/diagnostic.ts'
import { findSchema, moduleFolder, moduleNames } from '../modules/find.ts'
import type { ObjectSchema } from '../modules/module.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `runner modules [NAME]`: what there is, or all about one. */
export async function run(options: Options, terminal: Terminal): Promise<number> {
  const names = moduleNames()
  const [name] = options.targets
  if (name === undefined) {
    const rows = await Promise.all(
      names.map(async (module) => ({ module, summary: (await findSchema(module)).summary })),
    )
    if (terminal.json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`)
    else terminal.out(rows.map(({ module, summary }) => `${module.padEnd(26)} ${summary}\n`).join(''))
    return 0
  }
  if (!names.includes(name)) {
    const near = closest(name, names)
    throw failure('E911', `there is no module ${name}`, {
      hint: near === undefined ? '`runner modules` lists them' : `did you mean ${near}?`,
    })
  }
  const { args, returns, summary } = await findSchema(name)
  const file = new URL('example.yml', moduleFolder(name))
  const example = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (terminal.json) terminal.out(`${JSON.stringify({ module: name, summary, args, returns, example }, null, 2)}\n`)
  else terminal.out(describe(name, summary, args, returns, example))
  return 0
}

function describe(name: string, summary: string, args: ObjectSchema, returns: ObjectSchema, example: string): string {
  const indented = example.replaceAll(/^(?=.)/gm, '  ')
  return `${name} – ${summary}\n\nArguments\n${table(args)}\nOutputs\n${table(returns)}\nExample\n${indented}`
}

function table(schema: ObjectSchema): string {
  const rows = Object.entries(schema.properties).map(([property, raw]) => {
    const {
      description,
      type,
      enum: choices,
      default: otherwise,
    } = raw as { description: string; type?: string; enum?: readonly unknown[]; default?: unknown }
    const kind = choices ? choices.join(' | ') : Array.isArray(type) ? type.join(' | ') : (type ?? 'any')
    const notes = [
      schema.required?.includes(property) ? 'required' : '',
      otherwise === undefined ? '' : `default ${JSON.stringify(otherwise)}`,
    ]
      .filter(Boolean)
      .join(', ')
    return `  ${property.padEnd(22)} ${`(${kind}${notes === '' ? '' : `, ${notes}`})`}\n      ${description}\n`
  })
  return rows.length === 0 ? '  none\n' : rows.join('')
}
