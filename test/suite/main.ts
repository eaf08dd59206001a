import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { duration } from '../../runner/render/duration.ts'
import { prepareLab } from '../lab/prepare.ts'
import { endAll, runGroup } from './group.ts'
import { alone, bundlesOf, testFiles, type Bundle } from './lanes.ts'
import type { Told } from './reporter.ts'

interface Failed {
  readonly file: string
  readonly title: string
  readonly milliseconds: number
}

/**
 * `npm test`: all test files, several at a time, each in a process of its own; `node test/suite/main.ts FILE…` only those. Every file is
 * told when it is over, one that fails with all that Mocha says of it; failures and the slowest are told again at the end.
 */
const { values, positionals } = parseArgs({
  options: { lanes: { type: 'string' } },
  allowPositionals: true,
})
/** A good part of the tests waits for others, so that one more than there are processors keeps these busy. */
const lanes = Number(values.lanes ?? Math.min(availableParallelism(), 4) + 1)
/** Longest that a process may take, in minutes: Mocha ends tests that take too long, but not one that keeps its process busy. */
const patience = 20
/** Longest that all of them may take, in minutes: what has not been tested by then has failed. */
const wholePatience = 75
const began = performance.now()
const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'))
const folder = mkdtempSync(join(tmpdir(), 'runner-suite-'))
const failed: Failed[] = []
const took = new Map<string, number>()
let count = 0
/** Somebody wants it to end: what runs is ended, and nothing else is begun. A second signal ends it at once. */
const ending = new AbortController()

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const seconds = (milliseconds: number): string => duration(milliseconds / 1000).padStart(12)

async function run({ files }: Bundle, number: number): Promise<void> {
  const results = join(folder, `${number}.jsonl`)
  writeFileSync(results, '')
  const words = ['--reporter', 'test/suite/reporter.ts', '--reporter-option', `results=${results}`, ...files]
  const output = join(folder, `${number}.log`)
  const left = began + wholePatience * 60_000 - performance.now()
  const minutes = Math.min(patience, Math.max(Math.round(left / 60_000), 0))
  const { exit, timedOut } = await runGroup([process.execPath, mocha, ...words], output, minutes * 60_000)
  const told = readFileSync(results, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told)
  const done = told.filter((one) => one.type === 'done')
  const wrong: Failed[] = done.filter((one) => one.failed)
  for (const one of told) if (one.type === 'file') took.set(one.file, (took.get(one.file) ?? 0) + one.milliseconds)
  count += done.length
  for (const file of files) {
    const own = done.filter((one) => one.file === file)
    if (own.length === 0) wrong.push({ file, title: 'nothing was tested', milliseconds: 0 })
    const mark = wrong.some((one) => one.file === file) ? '✗' : '✓'
    say(`${mark} ${seconds(took.get(file) ?? 0)}  ${file} (${own.length})`)
  }
  if (exit !== 0 && !done.some((one) => one.failed)) {
    const last = told.findLast((one) => one.type === 'begun')?.title ?? 'it began'
    const why = timedOut ? `did not end within ${minutes} min` : `ended with ${exit}`
    wrong.push({ file: files.join(' '), title: `the process ${why}, after “${last}” began`, milliseconds: 0 })
  }
  if (wrong.length > 0) say(`${readFileSync(output, 'utf8')}\n`)
  failed.push(...wrong)
}

async function lane(queue: Iterator<[number, Bundle]>): Promise<void> {
  for (let next = queue.next(); !next.done && !ending.signal.aborted; next = queue.next())
    await run(next.value[1], next.value[0])
}

if (positionals.length === 0) {
  // the tests that need what is missing say so, too
  await prepareLab().catch((error: unknown) => say(`the lab is not whole: ${String(error)}`))
  say(`the lab is there after ${duration((performance.now() - began) / 1000)}`)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    ending.abort()
    void endAll()
  })
}
const files = positionals.length > 0 ? positionals : testFiles()
const beside = bundlesOf(files.filter((file) => !alone.includes(file)))
const queue = beside.entries()
await Promise.all(Array.from({ length: lanes }, async () => await lane(queue)))
for (const [index, file] of alone.filter((file) => files.includes(file)).entries())
  if (!ending.signal.aborted) await run({ files: [file], seconds: 0 }, beside.length + index)
rmSync(folder, { recursive: true, force: true })

say('\nThe slowest:')
for (const [name, milliseconds] of [...took].toSorted((one, other) => other[1] - one[1]).slice(0, 10))
  say(`  ${seconds(milliseconds)}  ${name}`)
if (failed.length > 0) say('\nFailed:')
for (const { file, title, milliseconds } of failed) say(`  ${seconds(milliseconds)}  ${file}\n${''.padEnd(16)}${title}`)
say(
  `\n${count} tests in ${took.size} files, ${failed.length} failed, in ${duration((performance.now() - began) / 1000)}`,
)
process.exitCode = failed.length > 0 || ending.signal.aborted ? 1 : 0
