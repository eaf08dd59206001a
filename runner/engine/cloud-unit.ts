import type { Cloud } from '../connections/cloud.ts'
import { failure } from '../language/diagnostic.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import { nothing, withUpdates, type Change } from '../plan/change.ts'
import { firstUnknown, Unknown, type Value, type Values } from '../plan/unknown.ts'
import { billOf } from './billed.ts'
import { act, settled } from './cloud-act.ts'
import { adopts, refuseForeign, takeOver, withAdoption } from './adopt.ts'
import { joinGroup } from './hosts-made.ts'
import type { Outcome, Unit } from './outcome.ts'
import { isLate, looksUp, unknownOutputs } from './outputs.ts'
import type { Prepared } from './prepare.ts'
import { checkPromise } from './promise.ts'
import { isComing } from './coming.ts'
import type { LaneView } from './scope.ts'

type Doable = Extract<Prepared, { kind: 'do' }>

/** What a cloud unit came to, and the wait for its object when there is one. */
export interface CloudOutcome {
  readonly outcome: Outcome
  /** Gives all outputs once the object can be used. */
  readonly ready?: () => Promise<Values>
}

/** Reads an object of AWS and compares it; in an apply also brings the change about, as far as the plan promised it. */
export async function cloudUnit(
  view: LaneView,
  prepared: Doable,
  module: CloudModule,
  readOnly: boolean,
): Promise<CloudOutcome> {
  const { unit, want } = prepared
  const { walk } = view
  const cloud = await walk.world.cloud(await view.aws(), {
    name: unit.label === undefined ? unit.task.name : `${unit.task.name} [${unit.label}]`,
    status: (text) => walk.emit({ type: 'node.status', node: unit.id, text }),
    coming: (name) => isComing(walk, name),
  })
  const base = { unit, after: prepared.after, ...(readOnly && { hidden: true }) }
  const unknownKey = module.key.find((key) => firstUnknown(want[key] ?? null))
  const keyUnknown = unknownKey === undefined ? undefined : firstUnknown(want[unknownKey])
  const absent =
    walk.options.offline || (keyUnknown?.fresh === true && module.within?.includes(unknownKey ?? '') === true)
  if (keyUnknown && !absent) {
    const change: Change = { action: 'unknown', fields: [], why: `which one is not known: ${keyUnknown.why}` }
    return {
      outcome: {
        ...base,
        change,
        result: 'ok',
        returned: unknownOutputs(module, want, unit, `${unit.task.name} is created`),
      },
    }
  }
  const have: Found | undefined = absent ? undefined : await module.read(want, cloud)
  if (looksUp(module, want)) return { outcome: lookedUp(view, base, module, want, have) }
  if (!walk.options.offline && !walk.destroying) await module.check?.(want, have, cloud)
  const adopting = adopts(unit.task, have, cloud, walk.options)
  if (!adopting) refuseForeign(unit.task.name, have, cloud)
  const needed = withUpdates(module.diff(want, have), module.updates ?? {})
  const change = adopting ? withAdoption(needed, have, cloud) : needed
  if (walk.mode === 'plan' && !walk.destroying) warn(view, unit, change)
  refuseProtected(view, prepared, module, change)
  const made = { walk, module, want, unit, cloud }
  if (walk.mode === 'plan' || readOnly) {
    joinGroup(made, have)
    const returned = outputsAfter(module, want, have, needed, unit)
    const found = walk.options.offline ? undefined : have ? [have.id, ...(have.parts ?? [])] : []
    const destroy = have && { run: (status: (text: string) => void) => destroyOne(view, prepared, module, status) }
    const pending = have?.pending
    const bill = billOf(module, walk.destroying ? undefined : want, have, cloud)
    return {
      outcome: {
        ...base,
        change: describe(change, have),
        result: 'ok',
        returned,
        ...(found && { found }),
        ...(module.holdsData && { holdsData: true }),
        ...(destroy && { destroy }),
        ...(pending !== undefined && { pending }),
        ...(bill && { bill }),
      },
    }
  }
  checkPromise(walk, unit, change)
  if (change.action === 'none' && have) {
    joinGroup(made, have)
    const outcome: Outcome = {
      ...base,
      change,
      result: 'ok',
      returned: outputsAfter(module, want, have, change, unit),
    }
    return have.pending === undefined
      ? { outcome }
      : { outcome, ready: () => becomeReady(view, prepared, module, have, cloud) }
  }
  const unknown = firstUnknown(want)
  if (unknown)
    throw failure('E710', `“${unit.task.name}” needs a value that is still not known: ${unknown.why}`, {
      at: unit.task.at,
      hint: 'what it refers to was not selected, or gives no such output',
    })
  if (adopting) await takeOver(unit.task, module, have, cloud)
  const now = await act(made, needed, have)
  joinGroup(made, now)
  const returned = {
    ...unknownOutputs(module, want, unit, `${unit.task.name} is created`),
    ...acceptedOutputs(module, now),
  }
  return {
    outcome: { ...base, change, result: 'changed', returned },
    ready: () => becomeReady(view, prepared, module, now, cloud),
  }
}

/** Waits until the object can be used, and proves that nothing is left to change. */
async function becomeReady(
  view: LaneView,
  prepared: Doable,
  module: CloudModule,
  have: Found,
  cloud: Cloud,
): Promise<Values> {
  const { unit, want } = prepared
  const made = { walk: view.walk, module, want, unit, cloud }
  const now = await settled(made, have)
  // what the plan could not say yet, or what has come up since
  const left = module.diff(want, now)
  if (left.why !== view.walk.foreseen?.get(unit.id)?.change.why) warn(view, unit, left)
  joinGroup(made, now)
  return { ...unknownOutputs(module, want, unit, `${unit.task.name} is created`), ...module.returned(now) }
}

/** What is of interest though nothing is to change. */
function warn({ walk }: LaneView, { id, task }: Unit, change: Change): void {
  if (!change.warns) return
  const diagnostic = {
    severity: 'warning' as const,
    code: 'W768' as const,
    message: `“${task.name}”: ${change.why}`,
    at: task.at,
  }
  walk.emit({ type: 'diagnostic', diagnostic, node: id })
}

async function destroyOne(
  view: LaneView,
  prepared: Doable,
  module: CloudModule,
  status: (text: string) => void,
): Promise<void> {
  const { unit, want } = prepared
  const cloud = await view.walk.world.cloud(await view.aws(), { name: unit.task.name, status })
  const have = await module.read(want, cloud)
  if (!have) return
  refuseForeign(unit.task.name, have, cloud)
  await module.destroy(want, have, cloud)
}

function lookedUp(
  view: LaneView,
  base: Pick<Outcome, 'unit' | 'after'>,
  module: CloudModule,
  want: Values,
  have: Found | undefined,
): Outcome {
  if (have) return { ...base, change: nothing, result: 'ok', returned: module.returned(have), found: [have.id] }
  if (view.walk.options.offline) {
    return {
      ...base,
      change: nothing,
      result: 'ok',
      returned: unknownOutputs(module, want, base.unit, `${base.unit.task.name} is looked up in AWS`),
    }
  }
  throw failure('E713', `${base.unit.task.module} “${base.unit.task.name}” found nothing`, {
    at: base.unit.task.at,
    hint: 'it only looks up what exists; check its arguments, the region and the account',
  })
}

function refuseProtected(view: LaneView, prepared: Doable, module: CloudModule, change: Change): void {
  const { task } = prepared.unit
  if ((!task.protect && !module.holdsData) || (change.action !== 'replace' && change.action !== 'delete')) return
  if (view.walk.destroying || view.walk.options.allowDestroy.includes(task.name)) return
  throw failure(
    'E715',
    `“${task.name}” ${task.protect ? 'is protected' : 'holds data'}, and ${change.fields.find((field) => field.forces)?.path ?? 'this change'} would ${change.action} it`,
    {
      at: task.at,
      hint: `what it holds would be lost; say --allow-destroy ${JSON.stringify(task.name)} if that is meant`,
    },
  )
}

/** A plan says of something unsettled what it is doing. */
function describe(change: Change, have: Found | undefined): Change {
  return have?.pending !== undefined && change.why === undefined ? { ...change, why: `is ${have.pending}` } : change
}

function outputsAfter(module: CloudModule, want: Values, have: Found | undefined, change: Change, unit: Unit): Values {
  if (!have || change.action === 'create' || change.action === 'replace')
    return unknownOutputs(module, want, unit, `${unit.task.name} is created`, true)
  const returned: Record<string, Value> = {
    ...unknownOutputs(module, want, unit, `${unit.task.name} is created`),
    ...module.returned(have),
  }
  if (change.action === 'none') return returned
  for (const output of module.unsettled ?? []) returned[output] = new Unknown(`${unit.task.name} is updated`)
  return { ...returned, ...module.foreseen?.(change, have) }
}

/** Outputs that hold as soon as AWS has accepted the object. */
function acceptedOutputs(module: CloudModule, have: Found): Values {
  return Object.fromEntries(Object.entries(module.returned(have)).filter(([output]) => !isLate(module, output)))
}
