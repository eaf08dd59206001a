import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa, type ResultPromise } from 'execa'
import type { Event } from '../../runner/engine/event.ts'
import type { Plan } from '../../runner/plan/plan.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** The runner as a child process in a folder of its own, with copies of playbooks/ and inventory/ that may be edited. */
export interface Runner {
  readonly folder: string
  start(...words: readonly string[]): ResultPromise
  run(...words: readonly string[]): Promise<Outcome>
  plan(...words: readonly string[]): Promise<Plan>
  apply(
    ...words: readonly string[]
  ): Promise<{ readonly exit: number; readonly events: readonly Event[]; readonly stderr: string }>
  close(): void
}

export function makeRunner(env: Readonly<Record<string, string>>): Runner {
  const folder = mkdtempSync(join(tmpdir(), 'runner-work-'))
  for (const name of ['playbooks', 'inventory']) cpSync(join(root, name), join(folder, name), { recursive: true })
  const start = (...words: readonly string[]): ResultPromise =>
    execa(process.execPath, [join(root, 'bin', 'runner.js'), ...words], {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
      env: { NO_COLOR: '1', COLUMNS: '100', ...env, XDG_STATE_HOME: join(folder, 'state') },
    }) as unknown as ResultPromise
  const run = async (...words: readonly string[]): Promise<Outcome> => {
    const { exitCode = -1, stdout, stderr } = await start(...words)
    return { exit: exitCode, stdout: String(stdout), stderr: String(stderr) }
  }
  return {
    folder,
    start,
    run,
    async plan(...words) {
      const { stdout, stderr } = await run('plan', '-o', 'json', ...words)
      try {
        return JSON.parse(stdout) as Plan
      } catch (cause) {
        throw new Error(`no plan: ${stderr}${stdout.slice(0, 500)}`, { cause })
      }
    },
    async apply(...words) {
      const { exit, stdout, stderr } = await run('apply', '--yes', '-o', 'json', ...words)
      return {
        exit,
        stderr,
        events: stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Event),
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Until a run that is under way has said something on stderr. */
export async function untilSaid(child: ResultPromise, text: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  for (let left = 1500; left > 0 && !said.includes(text); left--) await sleep(20)
  if (!said.includes(text)) throw new Error(`it does not say ${text}: ${said}`)
}

/** What of a plan is not as it should be. */
export function changes(
  plan: Plan,
): readonly { readonly task: string; readonly action: string; readonly fields: readonly object[] }[] {
  return plan.entries
    .filter((entry) => entry.action !== 'none')
    .map(({ task, action, fields }) => ({ task, action, fields }))
}
