import { existsSync, readFileSync } from 'node:fs'
import { closest } from '../language/closest.ts'
import { failure } from '../language/diagnostic.ts'
import { findSchema, moduleFolder, moduleNames } from '../modules/find.ts'
import type { ObjectSchema } from '../modules/module.ts'
import { hang, widthOf, wrap } from '../render/escape.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `runner modules [NAME]`: what there is, or all about one. */
export async function run(options: Options, terminal: Terminal): Promise<number> {
  if (options.iamPolicy !== undefined)
    return await (await import('./iam-policy.ts')).printPolicy(options.iamPolicy, options, terminal)
  const names = moduleNames()
  const [name] = options.targets
  // what is read by a program has a line for each thing
  const width = terminal.tty ? terminal.width : Number.POSITIVE_INFINITY
  if (name === undefined) {
    const rows = await Promise.all(
      names.map(async (module) => ({ module, summary: (await findSchema(module)).summary })),
    )
    if (terminal.json) terminal.out(`${JSON.stringify(rows, null, 2)}\n`)
    else terminal.out(rows.map(({ module, summary }) => beside(module, summary, width)).join(''))
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
  else terminal.out(describe(name, summary, args, returns, example, width))
  return 0
}

/** A name, and what is said of it in a column of its own. */
function beside(name: string, text: string, width: number): string {
  // two columns need room
  if (width < 60)
    return [name, ...wrap(text, width - 4).map((line) => `    ${line}`)].map((line) => `${line}\n`).join('')
  const lines = wrap(text, width - 27)
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(26)} ${line}\n`).join('')
}

function describe(
  name: string,
  summary: string,
  args: ObjectSchema,
  returns: ObjectSchema,
  example: string,
  width: number,
): string {
  const indented = example.replaceAll(/^(?=.)/gm, '  ')
  const head = wrap(`${name} – ${summary}`, width).join('\n')
  return `${head}\n\nArguments\n${table(args, width)}\nOutputs\n${table(returns, width)}\nExample\n${indented}`
}

function table(schema: ObjectSchema, width: number): string {
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
    const about = `(${kind}${notes === '' ? '' : `, ${notes}`})`
    const whole = `  ${property.padEnd(22)} ${about}`
    const head =
      widthOf(whole) <= width ? [whole] : [`  ${property}`, ...hang(about, width - 4).map((line) => `    ${line}`)]
    return [...head, ...wrap(description, width - 6).map((line) => `      ${line}`)].map((line) => `${line}\n`).join('')
  })
  return rows.length === 0 ? '  none\n' : rows.join('')
}
