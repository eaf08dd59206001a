import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { groupKeys, hostKeys } from './inventory/keys.ts'
import { findSchema, findUpdates, moduleFolder, moduleNames } from './modules/find.ts'
import { moduleSchema, playbookSchema, inventorySchema } from './schemas/editor.ts'
import { modulesPage } from './schemas/page.ts'
import { actionsOf } from './schemas/permissions.ts'
import { eventSchema, planSchema } from './schemas/outputs.ts'

/** Writes schemas/ from the modules and the tables of keys; `--check` only says what is out of date. */
const root = fileURLToPath(new URL('../schemas/', import.meta.url))
const names = moduleNames()
const modules = await Promise.all(
  names.map(async (name) => [name, { ...(await findSchema(name)), updates: await findUpdates(name) }] as const),
)
const files = new Map<string, object>([
  ['playbook.json', playbookSchema(modules.map(([name, { summary }]) => [name, summary]))],
  ['inventory.json', inventorySchema(groupKeys, hostKeys)],
  ['plan.json', planSchema],
  ['event.json', eventSchema],
  [
    'permissions.json',
    Object.fromEntries(
      names.filter((name) => name.startsWith('aws.')).map((name) => [name, actionsOf(moduleFolder(name))]),
    ),
  ],
  ...modules.map(([name, { args, summary }]): [string, object] => [
    `modules/${name}.json`,
    moduleSchema(name, summary, args),
  ]),
])
const stale: string[] = []
const page = fileURLToPath(new URL('../docs/modules.md', import.meta.url))
const pageText = modulesPage(modules)
if (!existsSync(page) || readFileSync(page, 'utf8') !== pageText) {
  stale.push('docs/modules.md')
  if (!process.argv.includes('--check')) writeFileSync(page, pageText)
}
for (const [file, schema] of files) {
  const text = `${JSON.stringify(schema, null, 2)}\n`
  const path = `${root}${file}`
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  stale.push(file)
  if (process.argv.includes('--check')) continue
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
for (const file of existsSync(`${root}modules`) ? readdirSync(`${root}modules`) : []) {
  if (files.has(`modules/${file}`)) continue
  stale.push(`modules/${file}`)
  if (!process.argv.includes('--check')) rmSync(`${root}modules/${file}`)
}
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`out of date: ${stale.join(', ')}\nrun \`npm run schemas\`\n`)
  process.exitCode = 1
}
