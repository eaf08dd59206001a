import { homedir, userInfo } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { makeConnector, type Connector } from '../connections/connect.ts'
import type { EventBody } from '../engine/event.ts'
import { firstHosts, type FirstHost } from '../engine/first-hosts.ts'
import { selector } from '../engine/select.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import { findModule } from '../modules/find.ts'
import { environment, stateFolders, type Loaded } from './load.ts'
import type { Program } from '../language/program.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** Connections to hosts, and where what they say goes: it is kept until somebody listens. */
export interface Connecting {
  readonly connector: Connector
  listen(emit: (event: EventBody) => void): void
}

export function openConnector(options: Options, terminal: Terminal): Connecting {
  const agentSocket = environment()['SSH_AUTH_SOCK']
  const kept: EventBody[] = []
  let emit = (event: EventBody): void => void kept.push(event)
  const connector = makeConnector({
    ...(options.sshConfig !== undefined && { sshConfigFile: options.sshConfig }),
    ...(agentSocket !== undefined && agentSocket !== '' && { agentSocket }),
    knownHostsFile: stateFolders().knownHosts,
    home: homedir(),
    user: userInfo().username,
    askPassphrase: async (file) => await terminal.ask(`Passphrase of ${file}: `, true),
    onNotice: (where, text) => emit({ type: 'notice', where, text }),
  })
  return {
    connector,
    listen(to) {
      emit = to
      for (const event of kept.splice(0)) emit(event)
    },
  }
}

/**
 * Begins to connect to the hosts that are asked first, so that they get to work while the rest of the runner is loaded. Not where a
 * password is asked for: one question at a time.
 */
export async function connectEarly(
  { connector }: Connecting,
  { program, inventory }: Loaded,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  if (options.offline || options.askBecomePass) return
  const hosts = hostsFor(program, inventory, options)
  if (hosts.length === 0) return
  await connector.prepare()
  for (const { place, users } of hosts) if (place.pinAs === undefined) connector.connect(place).begin(signal, users)
  await loadMeanwhile(program)
}

/**
 * Loads what comes next, a piece after the other: in between hosts are heard, who would wait for an answer else. What does not load is told
 * by who needs it.
 */
async function loadMeanwhile(program: Program): Promise<void> {
  const modules = new Set(tasksOfProgram(program).map((task) => task.module))
  const pieces: readonly (() => Promise<unknown>)[] = [
    () => import('./world.ts'),
    () => import('../engine/lane.ts'),
    () => import('../engine/run.ts'),
    ...[...modules].map((name) => () => findModule(name)),
  ]
  for (const load of pieces) {
    await load().catch(() => undefined)
    await setImmediate()
  }
}

/** Faults of the command line are told later, by who takes it apart. */
function hostsFor(program: Program, inventory: Loaded['inventory'], options: Options): readonly FirstHost[] {
  const { forks, limit, tags, skipTags, startAt } = options
  try {
    const selects = selector(program, { tags, skipTags, ...(startAt !== undefined && { startAt }) })
    return firstHosts(program, inventory(), { forks, selects, ...(limit !== undefined && { limit }) })
  } catch {
    return []
  }
}
