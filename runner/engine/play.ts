import { failure } from '../language/diagnostic.ts'
import { render } from '../language/expression/evaluate.ts'
import { selectHosts } from '../inventory/pattern.ts'
import type { Play, Task } from '../language/program.ts'
import { Unknown, type Value } from '../plan/unknown.ts'
import { batches } from './batches.ts'
import { runHandlers } from './handlers.ts'
import { makeLane, type Lane } from './lane.ts'
import { runItems, type ModuleOf } from './lane-run.ts'
import { whileReading } from './reading.ts'
import { scopeOf } from './scope.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import type { Walk } from './walk.ts'

/** Walks all plays in order. A play starts when everything of the one before is done, or accepted by AWS. False: something failed. */
export async function walkPlays(walk: Walk, moduleOf: ModuleOf): Promise<boolean> {
  const ordinals = ordinalsOf(walk)
  let ok = true
  for (const play of walk.program.plays) {
    if (walk.signal.aborted) return false
    const hosts = hostsOf(walk, play)
    if (walk.mode === 'apply') walk.emit({ type: 'play.start', play: play.id, name: play.name, hosts })
    if (hosts.length === 0) continue
    const failed = await runPlay(walk, play, hosts, moduleOf, ordinals)
    if (failed.length > 0) ok = false
    for (const host of failed) walk.failedHosts.add(host)
    // a host that failed takes no further part; with none left, or where the play says so, the run ends
    if (failed.length === hosts.length || (failed.length > 0 && stops(play, failed.length, hosts.length))) return false
  }
  return ok
}

function stops(play: Play, failed: number, all: number): boolean {
  return play.anyErrorsFatal || (play.maxFailPercentage !== undefined && (failed / all) * 100 > play.maxFailPercentage)
}

function ordinalsOf(walk: Walk): ReadonlyMap<Task, number> {
  return new Map(tasksOfProgram(walk.program).map((task, index) => [task, index]))
}

function hostsOf(walk: Walk, play: Play): readonly string[] {
  const view = makeLane(walk, play, 'localhost', new Map()).view
  const pattern: Value =
    typeof play.hosts === 'string' ? play.hosts : render(play.hosts, scopeOf(view, undefined, {}, new Set()))
  if (pattern instanceof Unknown) return []
  const text = Array.isArray(pattern) ? pattern.join(':') : String(pattern)
  if (typeof pattern !== 'string' && !Array.isArray(pattern))
    throw failure('E742', 'hosts is not a pattern', { at: play.at })
  return selectHosts(text, walk.inventory, play.hostsAt ?? play.at)
    .filter((host) => !walk.failedHosts.has(host))
    .filter((host) => host === 'localhost' || !walk.options.limit || walk.options.limit.has(host))
}

async function runPlay(
  walk: Walk,
  play: Play,
  hosts: readonly string[],
  moduleOf: ModuleOf,
  ordinals: ReadonlyMap<Task, number>,
): Promise<readonly string[]> {
  const failed: string[] = []
  for (const batch of batches(play.serial, hosts)) {
    const lanes = batch.map((host) => makeLane(walk, play, host, ordinals, host === hosts[0]))
    const enough = (broken: number): boolean => broken > 0 && stops(play, failed.length + broken, hosts.length)
    const broken =
      play.strategy === 'linear'
        ? await runLinear(lanes, play, moduleOf, enough)
        : await runFree(walk, lanes, play, moduleOf, enough)
    failed.push(...broken)
    if (broken.length === batch.length || (broken.length > 0 && stops(play, failed.length, hosts.length))) break
    if (walk.signal.aborted) break
  }
  return failed
}

/** Each host goes its own way; at most `forks` at a time. When enough are broken, no other is begun. */
async function runFree(
  walk: Walk,
  lanes: readonly Lane[],
  play: Play,
  moduleOf: ModuleOf,
  enough: (broken: number) => boolean,
): Promise<readonly string[]> {
  const failed: string[] = []
  const waiting = [...lanes]
  const worker = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane && !enough(failed.length); lane = waiting.shift()) {
      const { host } = lane.view
      const ok = await whileReading(walk, host, async () => await runSections(lane, play, moduleOf))
      if (!ok) failed.push(host)
    }
  }
  await Promise.all(Array.from({ length: Math.min(walk.options.forks, lanes.length) }, worker))
  return failed
}

async function runSections(lane: Lane, play: Play, moduleOf: ModuleOf): Promise<boolean> {
  for (const section of play.sections) {
    const ok = await runItems(lane, section, moduleOf)
    if (!ok) return false
    if (!(await runHandlers(lane, play, moduleOf))) return false
  }
  return true
}

/** In lock-step: a task starts when all hosts are through with the one before, and not when enough of them are broken. */
async function runLinear(
  lanes: readonly Lane[],
  play: Play,
  moduleOf: ModuleOf,
  enough: (broken: number) => boolean,
): Promise<readonly string[]> {
  const failed = new Set<string>()
  const step = async (run: (lane: Lane) => Promise<boolean>): Promise<void> => {
    if (enough(failed.size)) return
    const going = lanes.filter((lane) => !failed.has(lane.view.host))
    const results = await Promise.all(going.map(run))
    for (const [index, ok] of results.entries()) if (!ok) failed.add((going[index] as Lane).view.host)
  }
  for (const section of play.sections) {
    for (const item of section) await step((lane) => runItems(lane, [item], moduleOf))
    await step((lane) => runHandlers(lane, play, moduleOf))
  }
  return [...failed]
}
