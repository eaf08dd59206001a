import { ConnectionFailure, type Step } from '../connections/connection.ts'
import { Failure, failure } from '../language/diagnostic.ts'
import type { HostModule } from '../modules/module.ts'
import type { Attempted, Doing } from './doing.ts'
import { look, type Found } from './host-look.ts'
import type { LaneView } from './scope.ts'

/** Seconds between two looks; the host is asked no more often than it takes to answer. */
const pause = 2

/**
 * Sends the steps of a task that starts the host anew, and waits until it has: connects again and again, whatever stands in the way
 * meanwhile (nobody listens, sshd lets nobody in yet), until the module says that what answers is the host after its start.
 */
export async function throughRestart(
  view: LaneView,
  doing: Doing,
  restarted: NonNullable<HostModule['restarted']>,
  send: (steps: readonly Step[]) => Promise<Attempted>,
): Promise<Attempted> {
  const { prepared } = doing.unit
  const { walk } = view
  const begun = walk.world.clock()
  const sent = await send(doing.steps).catch((error: unknown) => {
    // it may be gone before its answer arrives
    if (error instanceof ConnectionFailure && error.passing)
      return { perUnit: [[{ stdout: '', stderr: '', code: 0 }]], after: [] }
    throw error
  })
  if (sent.perUnit[0]?.some((output) => output.code !== 0)) return sent
  const within = restarted.within(prepared.want)
  let seen = ''
  for (;;) {
    await walk.world.sleep(pause * 1000, walk.signal)
    const { found, state } = await once(view, doing, restarted)
    if (found) return { perUnit: sent.perUnit, after: [found] }
    if (state !== seen) walk.emit({ type: 'node.status', node: prepared.unit.id, text: `starting anew: ${state}` })
    seen = state
    const past = (walk.world.clock() - begun) / 1000
    if (past > within)
      throw failure('E733', `${prepared.unit.where} was not back within ${within} s; last seen: ${seen}`, {
        at: prepared.unit.task.at,
        hint: 'look at its console; `timeout` gives it longer',
      })
  }
}

async function once(
  view: LaneView,
  { unit, have }: Doing,
  restarted: NonNullable<HostModule['restarted']>,
): Promise<{ readonly found?: Found; readonly state: string }> {
  try {
    // what is still open leads to a host that is going down, or hangs
    await (await view.connection(unit.prepared.unit.where))?.renew()
    const [found] = await look(view, [unit])
    if (!found || !('have' in found)) return { state: found && 'error' in found ? sentence(found.error) : 'no answer' }
    const state = restarted.yet(unit.prepared.want, have, found.have)
    return state === true ? { found, state: 'back' } : { state }
  } catch (error) {
    view.walk.signal.throwIfAborted()
    if (error instanceof ConnectionFailure || error instanceof Failure) return { state: sentence(error) }
    throw error
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
