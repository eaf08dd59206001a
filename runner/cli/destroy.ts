import { basename } from 'node:path'
import { destroyRun, planDestroy } from '../engine/destroy.ts'
import { failure } from '../language/diagnostic.ts'
import { isEmpty } from '../plan/plan.ts'
import type { Options } from './options.ts'
import { openSession } from './session.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'

/** `runner destroy`: takes away what apply made, in reverse. */
export async function run(options: Options, terminal: Terminal, signals: Signals): Promise<number> {
  await using session = await openSession('destroy', options, terminal, signals)
  const planned = await planDestroy(session.request)
  if (signals.stop.aborted) return session.finish({ ok: false, exit: 130 })
  await session.showPlan(planned.plan)
  if (!planned.ok) return session.finish({ ok: false, exit: 1 })
  if (isEmpty(planned.plan)) return session.finish({ ok: true, exit: 0 })
  if (!options.yes) {
    const name = basename(options.targets[0] ?? '').replace(/\.ya?ml$/, '')
    const answer = await terminal.ask(
      `This cannot be undone. Type the playbook's name (${name}) to destroy all of it: `,
    )
    if (answer === undefined && !signals.stop.aborted)
      throw failure('E908', 'there is no terminal to ask whether this shall be destroyed', {
        hint: 'say --yes if that is meant',
      })
    if (answer?.trim() !== name) return session.finish({ ok: false, exit: signals.stop.aborted ? 130 : 1 })
  }
  const done = await destroyRun(session.request, planned)
  return session.finish({ ok: done.ok, exit: done.ok ? 0 : signals.stop.aborted ? 130 : 1, outcomes: done.outcomes })
}
