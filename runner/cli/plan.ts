import { writeFileSync } from 'node:fs'
import { isEmpty } from '../plan/plan.ts'
import { withCost } from './cost.ts'
import { tooDisruptive, worstDisruption } from './disruption.ts'
import type { Options } from './options.ts'
import { savedPlan } from './saved-plan.ts'
import { openSession } from './session.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'
import { checkWritable, unwritable } from './writable.ts'

/** `runner plan`: reads everything, shows what would change, changes nothing. */
export async function run(options: Options, terminal: Terminal, signals: Signals): Promise<number> {
  checkWritable('the plan', options.out)
  await using session = await openSession('plan', options, terminal, signals)
  // hosts are being connected to while this is loaded
  const { planRun } = await import('../engine/run.ts')
  const planned = await withCost(await planRun(session.request))
  if (signals.stop.aborted) return 130
  await session.showPlan(planned.plan)
  if (options.out !== undefined) {
    // the variables of the command line are in it, so it is for its owner alone
    const text = `${JSON.stringify(savedPlan(terminal.mask.deep(planned.plan), options), null, 2)}\n`
    try {
      writeFileSync(options.out, text, { mode: 0o600 })
    } catch (cause) {
      throw unwritable('the plan', options.out, cause)
    }
    if (!terminal.json) terminal.error(`saved to ${options.out}; \`runner apply ${options.out}\` does exactly this\n`)
  }
  if (!planned.ok) return 1
  const worse = worstDisruption(planned.plan, options.maxDisruption)
  if (worse && !terminal.json) terminal.error(`${tooDisruptive(worse, options.maxDisruption)}\n`)
  if (worse) return 3
  return options.detailedExitCode && !isEmpty(planned.plan) ? 2 : 0
}
