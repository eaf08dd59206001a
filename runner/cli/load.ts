import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import process from 'node:process'
import { checkPatterns } from '../inventory/check-patterns.ts'
import { emptyInventory, parseInventories } from '../inventory/static.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { parseExtraVars } from '../inventory/extra-vars.ts'
import { compileProgram } from '../language/compile.ts'
import { Failure, failure, type Diagnostic } from '../language/diagnostic.ts'
import { ordered } from '../language/ordered.ts'
import type { Program } from '../language/program.ts'
import { findSchema, moduleNames } from '../modules/find.ts'
import type { Values } from '../plan/unknown.ts'
import { LoadFailure } from './failures.ts'
import type { Options } from './options.ts'

/** A playbook with all that it is run with, read and checked. */
export interface Loaded {
  readonly program: Program
  readonly inventory: () => Inventory
  readonly extraVars: Values
  readonly sources: ReadonlyMap<string, string>
  readonly warnings: readonly Diagnostic[]
  /** SHA-256 of everything read from files and the command line. */
  readonly digest: string
}

/** The environment of the process; nobody else reads it. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** Reads and checks a playbook, its inventory and variables. All faults of all files together are thrown as one {@link LoadFailure}. */
export async function load(playbook: string, options: Options): Promise<Loaded> {
  const sources = new Map<string, string>()
  const read = (file: string): string => {
    const text = readText(file)
    sources.set(file, text)
    return text
  }
  const file = shown(playbook)
  if (!existsSync(playbook))
    throw failure('E904', `there is no playbook ${file}`, { hint: `it was looked for at ${resolve(playbook)}` })
  const extraVars = inSources(sources, () => parseExtraVars(options.vars, read))
  const files = options.inventory.length > 0 ? options.inventory : defaultInventory(playbook)
  const inventory =
    files.length > 0
      ? parseInventories(files.flatMap(inventoryFiles), read)
      : { inventory: emptyInventory(), diagnostics: [] }
  const names = [...Object.keys(extraVars), ...variableNames(inventory.inventory)]
  const compiled = await compileProgram(file, read, {
    schemas: findSchema,
    moduleNames: moduleNames(),
    exists: existsSync,
    extraNames: names,
  })
  const parsed = (): Inventory =>
    files.length > 0
      ? parseInventories(files.flatMap(inventoryFiles), (name) => sources.get(name) ?? read(name)).inventory
      : emptyInventory()
  // without an inventory nothing is known of who is in it
  const strange = compiled.program && files.length > 0 ? checkPatterns(compiled.program, parsed()) : []
  const diagnostics = ordered([...inventory.diagnostics, ...compiled.diagnostics, ...strange], file)
  if (!compiled.program || diagnostics.some((diagnostic) => diagnostic.severity === 'error'))
    throw new LoadFailure(diagnostics, sources)
  const digest = createHash('sha256')
    .update(
      JSON.stringify([[...sources], options.vars, options.limit, options.tags, options.skipTags, options.startAt]),
    )
    .digest('hex')
  return {
    program: compiled.program,
    inventory: parsed,
    extraVars,
    sources,
    warnings: diagnostics,
    digest,
  }
}

/** What fails brings the texts of the files along. */
function inSources<T>(sources: ReadonlyMap<string, string>, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof Failure ? new LoadFailure(error.diagnostics, sources) : error
  }
}

function readText(file: string): string {
  const bytes = readBytes(file)
  const text = bytes.toString('utf8')
  if (isUtf8(bytes)) return text.startsWith('\uFEFF') ? text.slice(1) : text
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n')
  const [line, column] = [before.length, (before.at(-1) ?? '').length + 1]
  throw failure('E913', `${shown(file)} is not text in UTF-8`, {
    at: { file: shown(file), start: { line, column }, end: { line, column: column + 1 } },
    hint: 'save it as UTF-8; `iconv -f latin1 -t utf-8` or `-f utf-16` converts it',
  })
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : code === 'EACCES'
            ? 'may not be read'
            : String(code)
    throw failure('E904', `${shown(file)} ${why}`, { hint: `it was looked for at ${resolve(file)}`, cause })
  }
}

/** The name of a file as a person would give it here. */
export function shown(file: string): string {
  const near = relative(process.cwd(), resolve(file))
  return near === '' || near.startsWith('..') ? resolve(file) : near
}

function defaultInventory(playbook: string): readonly string[] {
  const folder = join(dirname(resolve(playbook)), '..', 'inventory')
  return existsSync(folder) && statSync(folder).isDirectory() ? [shown(folder)] : []
}

function inventoryFiles(file: string): readonly string[] {
  if (!existsSync(file))
    throw failure('E904', `there is no inventory ${shown(file)}`, { hint: `it was looked for at ${resolve(file)}` })
  if (!statSync(file).isDirectory()) return [file]
  return readdirSync(file)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(file, name))
}

function variableNames(inventory: Inventory): readonly string[] {
  const maps = [...inventory.groups.values(), ...inventory.hosts.values()].map((one) => one.vars)
  // what AWS says of an instance that it was asked for
  const asked = [...inventory.groups.values()].some((group) => group.from) ? ['ec2'] : []
  return [...new Set([...asked, ...maps.flatMap((vars) => Object.keys(vars))])]
}

/** Folders for what outlives a run (XDG Base Directory Specification). */
export function stateFolders(): { readonly runs: string; readonly locks: string; readonly knownHosts: string } {
  const base = join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'runner')
  const here = process.cwd()
  const key = `${basename(here) || 'root'}-${createHash('sha256').update(here).digest('hex').slice(0, 8)}`
  return { runs: join(base, 'runs', key), locks: join(base, 'locks'), knownHosts: join(base, 'known_hosts') }
}
