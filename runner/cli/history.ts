import { statSync } from 'node:fs'
import { join } from 'node:path'
import { listRuns, readRun, type Run } from '../engine/journal.ts'
import { stateFolders } from './load.ts'

/** More would say little, and each is read whole. */
const most = 12
const largest = 20_000_000

/** Applies of a playbook that this machine remembers, newest first. */
export function pastRuns(playbook: string): readonly Run[] {
  const { runs } = stateFolders()
  const found: Run[] = []
  for (const name of listRuns(runs)) {
    if (found.length === most) break
    if (statSync(join(runs, `${name}.jsonl`)).size > largest) continue
    const run = readRun(runs, name)
    const start = run?.events[0]
    if (run && start?.type === 'run.start' && start.verb === 'apply' && start.playbook === playbook) found.push(run)
  }
  return found
}
