import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/** What one run of a command cost. Seconds, and MiB of its largest process. */
export interface Cost {
  readonly wall: number
  readonly cpu: number
  readonly memory: number
}

export interface Command {
  readonly words: readonly [string, ...string[]]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const program = fileURLToPath(new URL('measure.py', import.meta.url))

/** Runs it once; throws with its last lines when it fails. */
export async function measure({ words, cwd, env }: Command): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const result = join(folder, 'result.json')
    await execa('python3', [program, result, ...words], { ...(cwd !== undefined && { cwd }), ...(env && { env }) })
    const cost = JSON.parse(readFileSync(result, 'utf8')) as Cost & { readonly exit: number; readonly output: string }
    if (cost.exit !== 0) throw new Error(`${words.join(' ')} ended with ${cost.exit}:\n${cost.output}`)
    return { wall: cost.wall, cpu: cost.cpu, memory: cost.memory }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Commands in turn (a b c a b c …), so that a machine whose speed drifts treats them alike; the first round is not counted. */
export async function compare(commands: readonly Command[], rounds: number): Promise<readonly Cost[]> {
  const costs: Cost[][] = commands.map(() => [])
  for (let round = 0; round <= rounds; round++)
    for (const [index, command] of commands.entries()) {
      const cost = await measure(command)
      if (round > 0) costs[index]?.push(cost)
    }
  return costs.map((runs) => ({
    wall: median(runs.map((run) => run.wall)),
    cpu: median(runs.map((run) => run.cpu)),
    memory: median(runs.map((run) => run.memory)),
  }))
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
