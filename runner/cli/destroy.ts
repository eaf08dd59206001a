import { basename } from 'node:path'
import { destroyRun, planDestroy } from '../engine/destroy.ts'
import type { Finished } from '../engine/run.ts'
import { sweep } from '../engine/sweep.ts'
import { failure } from '../language/diagnostic.ts'
import { isEmpty } from '../plan/plan.ts'
import { withCost } from './cost.ts'
import type { Options } from './options.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'

/** `runner destroy`: takes away what apply made, in reverse. */
export async function run(options: Options, terminal: Terminal, signals: Signals): Promise<number> {
  await using session = await openSession('destroy', options, terminal, signals)
  const planned = await withCost(await planDestroy(session.request))
  if (signals.stop.aborted) return session.finish({ ok: false, exit: 130 })
  await session.showPlan(planned.plan)
  if (!planned.ok) return session.finish({ ok: false, exit: 1 })
  if (isEmpty(planned.plan)) return await end(session, { ok: true, outcomes: planned.outcomes }, signals)
  if (!options.yes) {
    const name = basename(options.targets[0] ?? '').replace(/\.ya?ml$/, '')
    const data = [...planned.outcomes.values()].flatMap((one) =>
      one.holdsData && one.destroy ? [one.unit.task.name] : [],
    )
    const lost = data.length === 0 ? '' : `All data of ${data.join(' and ')} will be lost. `
    const answer = await terminal.ask(
      `${lost}This cannot be undone. Type the playbook's name (${name}) to destroy all of it: `,
    )
    if (answer === undefined && !signals.stop.aborted)
      throw failure('E908', 'there is no terminal to ask whether this shall be destroyed', {
        hint: 'say --yes if that is meant',
      })
    if (answer?.trim() !== name) return session.finish({ ok: false, exit: signals.stop.aborted ? 130 : 1 })
  }
  const done = await destroyRun(session.request, planned)
  return await end(session, done, signals)
}

/** Looks what is left, and says so: a destroy is done when nothing is. */
async function end(session: Session, done: Pick<Finished, 'ok' | 'outcomes'>, signals: Signals): Promise<number> {
  const left = signals.stop.aborted ? undefined : await sweep(session.request, done.outcomes)
  if (left) session.request.emit({ type: 'sweep', left })
  const ok = done.ok && !(left ?? []).some((one) => !one.kept)
  return session.finish({ ok, exit: ok ? 0 : signals.stop.aborted ? 130 : 1, outcomes: done.outcomes })
}
