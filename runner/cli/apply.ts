import type { Planned } from '../engine/run.ts'
import { finishedIn, listRuns, readRun } from '../engine/journal.ts'
import { failure } from '../language/diagnostic.ts'
import { isEmpty } from '../plan/plan.ts'
import { withCost } from './cost.ts'
import { tooDisruptive, worstDisruption } from './disruption.ts'
import { stateFolders } from './load.ts'
import type { Options } from './options.ts'
import { checkBeside, movedSince, readSavedPlan } from './saved-plan.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'

/** `runner apply`: plans, shows the plan, asks, and does exactly that. */
export async function run(given: Options, terminal: Terminal, signals: Signals): Promise<number> {
  const saved = readSavedPlan(given.targets[0] ?? '')
  if (saved) checkBeside(saved, given, given.targets[0] ?? '')
  const options: Options = saved ? { ...given, ...saved.options, targets: [saved.playbook] } : given
  const resumed = options.resume === undefined ? undefined : resumable(options.resume)
  await using session = await openSession('apply', options, terminal, signals, resumed?.run)
  // hosts are being connected to while this is loaded
  const { hasWork, planRun } = await import('../engine/run.ts')
  const planned = await withCost(await planRun(session.request))
  if (signals.stop.aborted) return session.finish({ ok: false, exit: 130 })
  if (saved) {
    const moved = movedSince(saved, terminal.mask.deep(planned.plan))
    if (moved !== undefined)
      throw failure('E907', `the plan ${given.targets[0]} no longer holds: ${moved}`, {
        hint: `make a new one: runner plan ${saved.playbook} --out ${given.targets[0]}`,
      })
  }
  await session.showPlan(planned.plan)
  const kept = planned.plan.entries.filter((entry) => entry.orphan === 'kept').map((entry) => entry.task)
  if (kept.length > 0)
    session.request.emit({
      type: 'notice',
      text: `no longer in the playbook, and left alone: ${kept.join(', ')}; --prune deletes ${kept.length === 1 ? 'it' : 'them'}`,
    })
  if (!planned.ok) {
    session.request.emit({ type: 'notice', text: nothingDone(planned) })
    return session.finish({ ok: false, exit: 1 })
  }
  const worse = worstDisruption(planned.plan, options.maxDisruption)
  if (worse) {
    session.request.emit({ type: 'notice', text: tooDisruptive(worse, options.maxDisruption) })
    return session.finish({ ok: false, exit: 3 })
  }
  if (!hasWork(planned))
    return session.finish({
      ok: true,
      exit: 0,
      accuracy: { right: planned.plan.entries.length, all: planned.plan.entries.length, misses: [] },
    })
  if (!isEmpty(planned.plan) && !saved && !options.yes && !(await agreed(terminal)))
    return session.finish({ ok: false, exit: signals.stop.aborted ? 130 : 1 })
  return await act(session, planned, signals, resumed?.finished)
}

/** A plan with gaps promises nothing, so nothing is begun. */
function nothingDone(planned: Planned): string {
  const away = new Set(
    [...planned.outcomes.values()].filter(({ result }) => result === 'unreachable').map(({ unit }) => unit.where),
  )
  const hosts = [...away].filter((where) => where !== 'aws')
  const without = hosts.length > 0 ? `, or leave out what cannot be reached: --limit 'all:!${hosts.join(':!')}'` : ''
  return `nothing was changed, since the plan has gaps: mend what is said below${without}`
}

async function act(
  session: Session,
  planned: Planned,
  signals: Signals,
  finished?: ReadonlyMap<string, string>,
): Promise<number> {
  const { applyRun } = await import('../engine/run.ts')
  const done = await applyRun(session.request, planned, finished)
  const exit = done.ok ? 0 : signals.stop.aborted ? 130 : 1
  return session.finish({ ok: done.ok, exit, outcomes: done.outcomes, accuracy: done.accuracy })
}

async function agreed(terminal: Terminal): Promise<boolean> {
  const answer = await terminal.ask('Do this? Only “yes” is taken as a yes: ')
  if (answer === undefined) {
    throw failure('E908', 'there is no terminal to ask whether this shall be done', {
      hint: 'say --yes, or apply a saved plan (runner plan … --out plan.json; runner apply plan.json)',
    })
  }
  return answer.trim().toLowerCase() === 'yes'
}

function resumable(resume: string | true): { run: string; finished: ReadonlyMap<string, string> } {
  const { runs } = stateFolders()
  const names = resume === true ? listRuns(runs) : [resume]
  for (const name of names) {
    const found = readRun(runs, name)
    const start = found?.events[0]
    const end = found?.events.at(-1)
    if (!found || start?.type !== 'run.start' || start.verb !== 'apply') continue
    if (resume === true && end?.type === 'run.done' && end.ok) break
    return { run: name, finished: finishedIn(found) }
  }
  throw failure(
    'E909',
    resume === true
      ? 'there is no run to go on with: the newest apply of this folder finished'
      : `there is no apply run ${resume}`,
    { hint: '`runner runs` lists them' },
  )
}
