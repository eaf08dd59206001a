import process from 'node:process'
import { checkAdopted } from '../engine/adopt.ts'
import type { Accuracy } from '../engine/accuracy.ts'
import type { Event, EventBody, Result } from '../engine/event.ts'
import { openJournal, runName } from '../engine/journal.ts'
import { leftUndone } from '../engine/left-undone.ts'
import { makePace, usualTimes } from '../engine/pace.ts'
import type { Outcome } from '../engine/outcome.ts'
import type { Request } from '../engine/run.ts'
import { selector } from '../engine/select.ts'
import { selectHosts } from '../inventory/pattern.ts'
import { failure, type Diagnostic } from '../language/diagnostic.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import type { Plan } from '../plan/plan.ts'
import { reasonOf } from '../render/file-errors.ts'
import { makeRenderer, type Renderer } from '../render/renderer.ts'
import { askedHosts } from './asked-hosts.ts'
import { connectEarly, openConnector } from './connecting.ts'
import { pastRuns } from './history.ts'
import { load, shown, stateFolders, type Loaded } from './load.ts'
import type { Options } from './options.ts'
import { inState, lockPlaybook } from './playbook-lock.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'
import type { OpenWorld } from './world.ts'
import { checkWritable } from './writable.ts'

export interface End {
  readonly ok: boolean
  readonly exit: number
  readonly outcomes?: ReadonlyMap<string, Outcome>
  readonly accuracy?: Accuracy
}

/** One verb at work: what it walks with, where its events go, and the lock it holds. */
export interface Session extends AsyncDisposable {
  readonly request: Request
  showPlan(plan: Plan): Promise<void>
  /** Ends the run: writes the last event, returns the exit code. */
  finish(end: End): number
}

export async function openSession(
  verb: 'plan' | 'apply' | 'destroy',
  options: Options,
  terminal: Terminal,
  signals: Signals,
  resumed?: string,
): Promise<Session> {
  const playbook = options.targets[0]
  if (playbook === undefined) throw failure('E905', 'which playbook?', { hint: `runner ${verb} PLAYBOOK` })
  if (options.targets.length > 1)
    throw failure('E905', `runner ${verb} takes one playbook`, { hint: 'import_playbook joins several into one' })
  checkWritable('the report', options.output?.file)
  const loaded = await load(playbook, options)
  terminal.knows(loaded.sources)
  if (loaded.warnings.length > 0) await terminal.diagnostics(loaded.warnings)
  const connecting = openConnector(options, terminal)
  await using untilOpen = new AsyncDisposableStack()
  untilOpen.defer(async () => await connecting.connector.close())
  if (verb !== 'destroy') await connectEarly(connecting, loaded, options, signals.cut)
  const run = runName(new Date(), Math.random)
  const past = verb === 'destroy' ? [] : pastRuns(shown(playbook))
  const lock = verb === 'plan' ? undefined : await lockPlaybook(playbook, run, options, signals)
  let journal = verb === 'plan' ? undefined : inState(() => openJournal(stateFolders().runs, run))
  const renderer = await openRenderer(verb, options, terminal)
  const started = Date.now()
  const seen: Diagnostic[] = []
  const usual = usualTimes(past)
  const pace = makePace(usual, (event) => emit(event))
  const emit = (body: EventBody): void => {
    const event = terminal.mask.deep({ t: Date.now(), ...pace.note(body) } as Event)
    try {
      journal?.write(event)
    } catch (cause) {
      // what is half done is worth more than the record of it
      journal = undefined
      emit({ type: 'notice', text: `this run is not recorded from here on: ${reasonOf(cause)}` })
    }
    if (event.type === 'diagnostic') seen.push(event.diagnostic)
    renderer.event(event)
  }
  emit({ type: 'run.start', run, verb, playbook: shown(playbook), ...(resumed !== undefined && { resumed }) })
  connecting.listen(emit)
  const { openWorld } = await import('./world.ts')
  const world = await openWorld(loaded, options, terminal, signals, connecting.connector)
  const withAsked = await askedHosts(loaded.inventory(), options.offline, world.world, emit)
  const showDiagnostics = async (): Promise<void> => {
    // what keeps all of AWS away is said once, not for each task
    const list = seen
      .splice(0)
      .filter(
        (one, index, all) =>
          !one.code.startsWith('E80') ||
          all.findIndex((other) => other.code === one.code && other.message === one.message) === index,
      )
    if (list.length > 0) await terminal.diagnostics(list)
  }
  untilOpen.move()
  return {
    request: {
      ...requestOf({ ...loaded, inventory: () => withAsked(loaded.inventory()) }, options, world, emit, signals),
      leftUndone: leftUndone(loaded.program, past),
      usual,
    },
    async showPlan(plan) {
      // the rows that said what is read go first: they would take lines of the plan with them
      if (verb === 'plan') await renderer.close()
      if (verb === 'plan') await printPlan(terminal.mask.deep(plan), options, terminal)
      else emit({ type: 'plan', plan })
      if (verb === 'plan') await showDiagnostics()
    },
    finish(end) {
      const results = count(end.outcomes)
      const seconds = (Date.now() - started) / 1000
      emit({
        type: 'run.done',
        ok: end.ok,
        exit: end.exit,
        seconds,
        results,
        ...(end.accuracy && { accuracy: end.accuracy }),
        apiCalls: world.apiCalls(),
        traffic: world.traffic(),
      })
      return end.exit
    },
    async [Symbol.asyncDispose]() {
      pace.stop()
      await renderer.close()
      await showDiagnostics()
      await world.close()
      lock?.release()
    },
  }
}

function requestOf(
  loaded: Loaded,
  options: Options,
  world: OpenWorld,
  emit: (event: EventBody) => void,
  signals: Signals,
): Request {
  const { program } = loaded
  const limit = options.limit === undefined ? undefined : new Set(selectHosts(options.limit, loaded.inventory()))
  const { tags, skipTags, startAt } = options
  checkAdopted(options.adopt, tasksOfProgram(program))
  return {
    program,
    inventory: loaded.inventory,
    world: world.world,
    emit,
    signal: signals.stop,
    cut: signals.cut,
    sources: loaded.digest,
    options: {
      forks: options.forks,
      offline: options.offline,
      allowDestroy: options.allowDestroy,
      adopt: options.adopt,
      prune: options.prune,
      extraVars: loaded.extraVars,
      selects: selector(program, { tags, skipTags, ...(startAt !== undefined && { startAt }) }),
      ...(limit && { limit }),
    },
  }
}

async function openRenderer(verb: string, options: Options, terminal: Terminal): Promise<Renderer> {
  const kind = options.output?.kind ?? (terminal.tty ? 'tty' : 'plain')
  // a plan is printed once it is made; until then only a terminal shows that something happens
  if (verb === 'plan' && kind !== 'tty') return { event: () => undefined, close: () => Promise.resolve() }
  return await makeRenderer(kind, {
    stdout: process.stdout,
    width: () => process.stdout.columns ?? terminal.width,
    colour: terminal.colour,
    verbose: options.verbose,
    diff: options.diff,
    ...(options.output?.file !== undefined && { file: options.output.file }),
  })
}

async function printPlan(plan: Plan, options: Options, terminal: Terminal): Promise<void> {
  const kind = options.output?.kind
  if (kind === 'json') terminal.out(`${JSON.stringify(plan, null, 2)}\n`)
  else if (kind === 'html') {
    const { renderPlanPage } = await import('../render/html.ts')
    const page = renderPlanPage(plan)
    if (options.output?.file === undefined) terminal.out(page)
    else (await import('node:fs')).writeFileSync(options.output.file, page)
  } else {
    const { renderPlan } = await import('../render/plan.ts')
    terminal.out(
      renderPlan(plan, {
        width: terminal.width,
        colour: terminal.colour,
        diff: options.diff,
        verbose: options.verbose,
      }),
    )
  }
}

function count(outcomes: ReadonlyMap<string, Outcome> | undefined): Record<Result, number> {
  const results: Record<Result, number> = {
    ok: 0,
    changed: 0,
    failed: 0,
    ignored: 0,
    skipped: 0,
    unreachable: 0,
    blocked: 0,
    cancelled: 0,
  }
  for (const outcome of outcomes?.values() ?? []) if (!outcome.hidden) results[outcome.result] += 1
  return results
}
