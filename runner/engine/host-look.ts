import type { Output, Step } from '../connections/connection.ts'
import { Failure, failure } from '../language/diagnostic.ts'
import type { HostModule } from '../modules/module.ts'
import { type Change } from '../plan/change.ts'
import { firstUnknown, Unknown, type Value, type Values } from '../plan/unknown.ts'
import { Secret } from '../secret.ts'
import type { Prepared } from './prepare.ts'
import type { LaneView } from './scope.ts'

/** A task for one host with its arguments, and the module that knows what to do. */
export interface HostUnit {
  readonly prepared: Extract<Prepared, { kind: 'do' }>
  readonly module: HostModule
}

/** What was found, or why that could not be told. */
export type Found =
  | { readonly have: unknown }
  | { readonly error: unknown }
  | { readonly blank: unknown }
  | { readonly unknown: Unknown }

/**
 * Asks a host about many tasks at once: one script for each user, all sent together, so that it costs one round trip
 * however many tasks there are.
 */
export async function look(view: LaneView, units: readonly HostUnit[]): Promise<readonly Found[]> {
  const found: Found[] = units.map(({ prepared, module }) => startingPoint(module, prepared.want))
  const groups = new Map<string, number[]>()
  for (const [index, { prepared, module }] of units.entries()) {
    if (!module.probe || 'unknown' in (found[index] as Found)) continue
    const key = `${prepared.unit.where}\0${prepared.become ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), index])
  }
  await Promise.all([...groups.values()].map((indexes) => lookAs(view, units, indexes, found)))
  return found
}

function startingPoint(module: HostModule, want: Values): Found {
  const unknown = firstUnknown(module.key.map((key) => want[key] ?? null))
  return unknown ? { unknown } : { have: undefined }
}

async function lookAs(
  view: LaneView,
  units: readonly HostUnit[],
  indexes: readonly number[],
  found: Found[],
): Promise<void> {
  const first = units[indexes[0] as number] as HostUnit
  const connection = await view.connection(first.prepared.unit.where)
  if (!connection) {
    for (const index of indexes) {
      const { module, prepared } = units[index] as HostUnit
      found[index] = { blank: module.blank(prepared.want) }
    }
    return
  }
  const probes = indexes.map((index) => {
    const { module, prepared } = units[index] as HostUnit
    return withEnvironment((module.probe as NonNullable<HostModule['probe']>)(prepared.want), prepared.environment)
  })
  const { steps, places } = distinct(probes)
  const outputs = await connection.run(steps, {
    ...(first.prepared.become !== undefined && { become: first.prepared.become }),
    signal: view.walk.cut,
    timeout: 120,
    gathered: true,
  })
  for (const [position, index] of indexes.entries())
    found[index] = parse(units[index] as HostUnit, outputs[places[position] as number])
}

/** The same question is asked once, as of one file in which many tasks want a line. */
function distinct(probes: readonly Step[]): { readonly steps: readonly Step[]; readonly places: readonly number[] } {
  const steps: Step[] = []
  const known = new Map<string, number>()
  const places = probes.map((probe) => {
    const question = questionOf(probe)
    const place = (question === undefined ? undefined : known.get(question)) ?? steps.push(probe) - 1
    if (question !== undefined) known.set(question, place)
    return place
  })
  return { steps, places }
}

/** Undefined where secrets or surroundings take part in it. */
function questionOf(probe: Step): string | undefined {
  if (probe.kind !== 'script' || probe.stdin !== undefined || probe.cwd !== undefined || probe.env) return undefined
  const { text, args = [] } = probe
  return args.every((word) => typeof word === 'string') ? JSON.stringify([text, args]) : undefined
}

function parse({ module, prepared }: HostUnit, output: Output | undefined): Found {
  const { task } = prepared.unit
  try {
    if (!output) throw failure('E730', `the host gave no answer for “${task.name}”`, { at: task.at })
    return { have: module.parse ? module.parse(output, prepared.want) : undefined }
  } catch (error) {
    return { error: located(error, prepared) }
  }
}

/** Gives diagnostics of a module, which knows no files, the range of the task. */
export function located(error: unknown, prepared: Pick<Prepared, 'unit'>): unknown {
  if (!(error instanceof Failure)) return error
  return new Failure(
    error.diagnostics.map((diagnostic) => ({ at: prepared.unit.task.at, ...diagnostic })),
    { cause: error.cause },
  )
}

/** The step with the task's environment added. */
export function withEnvironment(step: Step, environment: Values): Step {
  if (step.kind === 'upload' || Object.keys(environment).length === 0) return step
  const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, textOf(value)]))
  return { ...step, env: { ...env, ...step.env } }
}

function textOf(value: Value): string | Secret {
  return value instanceof Secret
    ? value
    : typeof value === 'string'
      ? value
      : value === null
        ? ''
        : JSON.stringify(value)
}

/** Compares, turning what a module throws into data. */
export function diffUnit({ module, prepared }: HostUnit, found: Found): Change | { error: unknown } {
  if ('unknown' in found) return { action: 'unknown', fields: [], why: found.unknown.why }
  if ('error' in found) return { error: found.error }
  try {
    return module.diff(prepared.want, 'blank' in found ? found.blank : found.have)
  } catch (error) {
    return { error: located(error, prepared) }
  }
}
