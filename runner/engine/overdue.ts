import type { Task } from '../language/program.ts'
import type { HostModule } from '../modules/module.ts'
import type { HostUnit } from './host-look.ts'
import type { Lane } from './lane.ts'
import type { ModuleOf } from './lane-run.ts'
import { unitId } from './outcome.ts'
import { preparable, prepare } from './prepare.ts'

/** What became of asking whether a handler is overdue: since when, that it is not, or that the host can't tell. */
export type Overdue = { readonly since: string } | 'current' | undefined

/**
 * In a plan, asks the host whether handlers were left undone by a run that failed before them: a service that started before a file
 * changed whose task notifies its restart. The questions travel with the probes of those tasks, so that they cost no round trip.
 */
export function askOverdue(lane: Lane, units: readonly HostUnit[], moduleOf: ModuleOf): void {
  const { view } = lane
  if (view.walk.mode !== 'plan' || view.walk.destroying) return
  for (const handler of view.play.handlers) {
    const module = moduleOf(handler)
    if (module.on !== 'host' || !module.overdue) continue
    const own = units.filter(({ prepared: { unit } }) => unit.where === view.host && notifies(unit.task, handler))
    const files = own.flatMap(filesOf)
    if (files.length === 0) continue
    const answer = ask(lane, handler, module, files)
    answer.catch(() => undefined)
    lane.overdue.set(handler, [...(lane.overdue.get(handler) ?? []), answer])
  }
}

function notifies(task: Task, handler: Task): boolean {
  return task.notify.some((name) => name === handler.name || handler.listen.includes(name))
}

/**
 * Files that only tasks write: those whose whole content a task gives, and what lies below /etc (FHS 3.0, 3.7: no program keeps
 * its data there). A log or a database is newer than its service at every run.
 */
function filesOf({ module, prepared }: HostUnit): readonly string[] {
  const { module: name } = prepared.unit.task
  const whole = name === 'system.copy' || name === 'system.template'
  return (module.effects?.(prepared.want).writes ?? []).filter((token) =>
    whole ? token.startsWith('/') : name !== 'system.file' && token.startsWith('/etc/'),
  )
}

async function ask(lane: Lane, handler: Task, module: HostModule, files: readonly string[]): Promise<Overdue> {
  const { view } = lane
  const connection = await view.connection(view.host)
  if (!connection || !(await preparable(view, handler, module))) return undefined
  const [prepared, ...more] = await prepare(view, handler, module)
  if (!prepared || more.length > 0 || prepared.kind !== 'do' || prepared.unit.where !== view.host) return undefined
  const step = module.overdue?.(prepared.want, files)
  if (!step) return undefined
  const become = prepared.become === undefined ? {} : { become: prepared.become }
  const [output] = await connection.run([step], { ...become, signal: view.walk.cut, timeout: 60 })
  const text = output?.stdout.trim() ?? ''
  return text === 'current' ? text : text === '' ? undefined : { since: text }
}

/** Why a handler that nothing notified is to run all the same; undefined: it need not. */
export async function whyOverdue(lane: Lane, handler: Task): Promise<string | undefined> {
  const { walk, host } = lane.view
  const node = unitId(handler, host)
  if (walk.mode === 'apply') return lane.caughtUp.has(handler) ? undefined : walk.foreseen?.get(node)?.overdue
  const answers = await Promise.all((lane.overdue.get(handler) ?? []).map((one) => one.catch(() => undefined)))
  for (const answer of answers) if (typeof answer === 'object') return answer.since
  // the host knows better than a journal, which may be that of another laptop
  if (answers.includes('current')) return undefined
  return walk.leftUndone?.get(node)
}
