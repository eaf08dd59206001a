import type { ObjectSchema } from '../modules/module.ts'

type Described = readonly [
  string,
  { readonly summary: string; readonly args: ObjectSchema; readonly returns: ObjectSchema },
]

/** docs/modules.md: every module with its arguments and outputs. */
export function modulesPage(modules: readonly Described[]): string {
  const list = modules.map(
    ([name, { summary }]) =>
      `- [${name}](#${name.replaceAll(/[._]/g, (mark) => (mark === '.' ? '' : '_'))}): ${summary}`,
  )
  const parts = modules.map(
    ([name, { summary, args, returns }]) =>
      `## ${name}\n\n${summary}.\n\n${table('Argument', args)}\n${table('Output', returns)}`,
  )
  return `# Modules\n\nMade by \`npm run schemas\`; \`runner modules NAME\` shows one with an example.\n\n${list.join('\n')}\n\n${parts.join('\n')}`
}

function table(title: string, schema: ObjectSchema): string {
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
    return `| \`${name}\` | ${kind}${notes === '' ? '' : `; ${notes}`} | ${description.replaceAll('|', String.raw`\|`)} |\n`
  })
  return rows.length === 0 ? '' : `| ${title} | Kind | |\n|---|---|---|\n${rows.join('')}`
}
