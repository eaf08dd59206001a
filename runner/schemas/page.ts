import { about } from '../render/duration.ts'
import type { ObjectSchema, Updates } from '../modules/module.ts'

type Described = readonly [
  string,
  {
    readonly summary: string
    readonly args: ObjectSchema
    readonly returns: ObjectSchema
    readonly updates?: Updates | undefined
  },
]

/** docs/modules.md: every module with its arguments and outputs. */
export function modulesPage(modules: readonly Described[]): string {
  const list = modules.map(
    ([name, { summary }]) =>
      `- [${name}](#${name.replaceAll(/[._]/g, (mark) => (mark === '.' ? '' : '_'))}): ${summary}`,
  )
  const parts = modules.map(
    ([name, { summary, args, returns, updates }]) =>
      `## ${name}\n\n${summary}.${short(name, args)}\n\n${table('Argument', args, updates)}\n${table('Output', returns)}`,
  )
  return `# Modules\n\nMade by \`npm run schemas\`; \`runner modules NAME\` shows one with an example.\n\n${list.join('\n')}\n\n${parts.join('\n')}`
}

function short(name: string, { 'x-main': main }: ObjectSchema): string {
  return main === undefined ? '' : ` \`${name}: TEXT\` is short for \`${name}: { ${main}: TEXT }\`.`
}

/** What changing an argument does. */
function changing(update: Updates[string] | undefined): string {
  if (update === undefined) return ' |'
  if (typeof update === 'string') return ` ${update} |`
  const { disruption, usual } = update
  return ` ${disruption.replace('_', ' ')}, usually ${about(usual)} |`
}

function table(title: string, schema: ObjectSchema, updates?: Updates): string {
  const rows = Object.entries(schema.properties).map(([name, raw]) => {
    const {
      description,
      type,
      enum: choices,
      default: otherwise,
    } = raw as { description: string; type?: unknown; enum?: readonly unknown[]; default?: unknown }
    const kind = choices
      ? choices.map((choice) => `\`${String(choice)}\``).join(', ')
      : Array.isArray(type)
        ? type.join(' or ')
        : String(type ?? 'any')
    const notes = [
      schema.required?.includes(name) ? '**required**' : '',
      otherwise === undefined ? '' : `default \`${JSON.stringify(otherwise)}\``,
    ]
      .filter(Boolean)
      .join(', ')
    return `| \`${name}\` | ${kind}${notes === '' ? '' : `; ${notes}`} | ${description.replaceAll('|', String.raw`\|`)} |${updates ? changing(updates[name]) : ''}\n`
  })
  return rows.length === 0
    ? ''
    : `| ${title} | Kind | |${updates ? ' Changing it |' : ''}\n|---|---|---|${updates ? '---|' : ''}\n${rows.join('')}`
}
