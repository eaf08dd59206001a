import type { Cloud } from '../connections/cloud.ts'
import { failure } from '../language/diagnostic.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Change } from '../plan/change.ts'
import type { Value, Values } from '../plan/unknown.ts'
import { refuseForeign } from './adopt.ts'
import type { Unit } from './outcome.ts'
import { checkPromise } from './promise.ts'
import type { Walk } from './walk.ts'

/** Seconds until what AWS took is seen by those who look, or is shown as it was changed. */
const consistency = 60

/**
 * What AWS refuses for the moment, and for how many seconds that is believed. A creation whose answer was lost is refused as a
 * duplicate when it is sent again (EC2 Developer Guide, Ensuring idempotency: many calls take no token), and something made a
 * moment ago need not be known to the next call (the same, Eventual consistency).
 */
const passing: readonly (readonly [name: RegExp, seconds: number, ours?: true])[] = [
  [/Duplicate|AlreadyExists|AlreadyInUse|MountTargetConflict/, consistency],
  [/NotFound|NoSuchEntity|DoesNotExist|Unavailable$|ValidationError|InvalidParameterValue/, 2 * consistency, true],
  [/InvalidDB\w*State|IncorrectFileSystemLifeCycleState|IncorrectInstanceState|IncorrectState/, 900],
  [/ScalingActivityInProgress|ResourceContention|PriorRequestNotComplete|OperationInProgress/, 600],
]

export interface Act {
  readonly walk: Walk
  readonly unit: Unit
  readonly module: CloudModule
  readonly want: Values
  readonly cloud: Cloud
}

/** Brings a change about and returns what is there then. Refusals that pass are waited out; what has been done meanwhile is not done again. */
export async function act(
  { walk, unit, module, want, cloud }: Act,
  needed: Change,
  have: Found | undefined,
): Promise<Found> {
  const began = walk.world.clock()
  let change = needed
  let there = have
  let refused: unknown
  const lookAgain = async (): Promise<void> => {
    cloud.changed('')
    there = await module.read(want, cloud)
    refuseForeign(unit.task.name, there, cloud)
    change = module.diff(want, there)
    checkPromise(walk, unit, change)
  }
  const attempt = async (): Promise<boolean> => {
    try {
      if (change.action !== 'none') await module.apply(change, want, there, cloud)
      refused = undefined
      return true
    } catch (error) {
      const limit = patienceWith(error, walk)
      if (limit === undefined || (walk.world.clock() - began) / 1000 > limit) throw error
      refused = error
      await lookAgain()
      return false
    }
  }
  // that our own call was taken is seen at the first look; the rest waits
  let taken = (await attempt()) || (await attempt()) ? walk.world.clock() : undefined
  return await cloud.poll({
    what: unit.task.name,
    every: 10,
    timeout: 3600,
    look: async () => {
      if (taken === undefined) {
        if (!(await attempt())) return { status: `AWS says ${(refused as Error).name}` }
        taken = walk.world.clock()
      }
      const now = await module.read(want, cloud)
      if (now) return { done: now }
      if ((walk.world.clock() - taken) / 1000 > consistency) throw lost(unit)
      cloud.changed('')
      return { status: 'accepted by AWS, not visible yet' }
    },
  })
}

function lost({ task }: Unit) {
  return failure('E711', `${task.module} “${task.name}” was accepted by AWS, but cannot be found`, {
    at: task.at,
    hint: 'run apply again; what exists is adopted, not made twice',
  })
}

/** For how many seconds an error is taken to pass; undefined: it will not. */
function patienceWith(error: unknown, walk: Walk): number | undefined {
  if (!(error instanceof Error)) return undefined
  const [, seconds, ours] = passing.find(([name]) => name.test(error.name)) ?? []
  return ours && !madeNow(walk).some((id) => error.message.includes(id)) ? undefined : seconds
}

/** Ids and names of what this run has made so far: of these it is known that they are there. */
function madeNow(walk: Walk): readonly string[] {
  return [...walk.outcomes.values()]
    .filter((outcome) => outcome.unit.where === 'aws' && outcome.result === 'changed')
    .flatMap((outcome) => texts(Object.values(outcome.returned)))
    .filter((text) => text.length > 3)
}

function texts(values: readonly Value[]): readonly string[] {
  return values.flatMap((value) =>
    typeof value === 'string' ? [value] : Array.isArray(value) ? texts(value as readonly Value[]) : [],
  )
}

/** Waits until the object can be used and shows what was asked for; a look may still see what was before. */
export async function settled({ walk, unit, module, want, cloud }: Act, have: Found): Promise<Found> {
  const first = await module.ready(want, have, cloud)
  if (module.diff(want, first).action === 'none') return first
  const began = walk.world.clock()
  return await cloud.poll({
    what: `${unit.task.name} to be as it was asked for`,
    every: 10,
    timeout: 3600,
    look: async () => {
      cloud.changed('')
      const seen = await module.read(want, cloud)
      const now = seen ? await module.ready(want, seen, cloud) : first
      const left = module.diff(want, now)
      if (left.action === 'none') return { done: now }
      const differs = left.fields.map(differing).join('; ') || left.action
      if ((walk.world.clock() - began) / 1000 <= consistency) return { status: differs }
      throw failure('E712', `“${unit.task.name}” did not converge: ${differs}`, {
        at: unit.task.at,
        hint: 'AWS took the change but shows another value; run plan to see what it is now',
      })
    },
  })
}

function differing({ path, before, after, sensitive }: Change['fields'][number]): string {
  return sensitive ? path : `${path}: ${JSON.stringify(before)} should be ${JSON.stringify(after)}`
}
