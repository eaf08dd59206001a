import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { explainAwsError, isAwsError } from '../connections/aws-errors.ts'
import { makeAws, type Account } from '../connections/aws.ts'
import type { Connector } from '../connections/connect.ts'
import { ConnectionFailure } from '../connections/connection.ts'
import type { Traffic } from '../connections/traffic.ts'
import { keysFor } from '../connections/known-hosts.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import type { World } from '../engine/walk.ts'
import { Failure, failure, type Diagnostic } from '../language/diagnostic.ts'
import type { Program } from '../language/program.ts'
import type { Values } from '../plan/unknown.ts'
import { Secret } from '../secret.ts'
import { environment, stateFolders, type Loaded } from './load.ts'
import { makeDigests } from './digests.ts'
import { openLocalFile } from './local-file.ts'
import { makeFolderReader } from './local-folder.ts'
import type { Options } from './options.ts'
import { openSecrets } from './secrets.ts'
import type { Terminal } from './terminal.ts'
import type { Signals } from './verbs.ts'

export interface OpenWorld {
  readonly world: World
  apiCalls(): Readonly<Record<string, number>>
  traffic(): Readonly<Record<string, Traffic>>
  close(): Promise<void>
}

/** Everything outside the process that a run touches: hosts, AWS, files, secrets, the clock. */
export async function openWorld(
  loaded: Loaded,
  options: Options,
  terminal: Terminal,
  signals: Signals,
  connector: Connector,
): Promise<OpenWorld> {
  const becomePassword = options.askBecomePass ? await askPassword(terminal) : undefined
  const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? (signal.reason as Error) : error
    })
  }
  const aws = makeAws({
    playbook: basename(loaded.program.file).replace(/\.ya?ml$/, ''),
    concurrency: options.apiConcurrency,
    signal: signals.stop,
    sleep,
    clock: () => Date.now(),
    wanted: (module, key) => writtenKeys(loaded.program, module, key),
  })
  const secret = await openSecrets(
    loaded,
    options.offline,
    async (service) => (await aws.cloud({}, { name: 'secrets', status: () => undefined })).client(service),
    signals.stop,
  )
  const digests = makeDigests()
  const world: World = {
    connect: (place) => connector.connect(place),
    cloud: async (account, task) => await aws.cloud(accountOf(account), task),
    readLocal: (path) => readFileSync(path),
    openFile: (path) => openLocalFile(path, digests),
    readFolder: makeFolderReader(digests),
    secret: (source) => {
      const value = secret(source)
      if (value instanceof Secret) terminal.mask.learn(value.reveal())
      return value
    },
    conceal: (text) => terminal.mask.learn(text),
    pinned: (name) => {
      const file = stateFolders().knownHosts
      return existsSync(file) && keysFor(readFileSync(file, 'utf8'), file, name, 22).length > 0
    },
    clock: () => Date.now(),
    sleep,
    explain: (error) => explain(error),
    ...(becomePassword && { becomePassword }),
  }
  return {
    world,
    apiCalls: () => aws.calls(),
    traffic: () => connector.traffic(),
    async close() {
      await connector.close()
      aws.close()
    },
  }
}

async function askPassword(terminal: Terminal): Promise<Secret> {
  const password = await terminal.ask('sudo password: ', true)
  if (password !== undefined) {
    terminal.mask.learn(password)
    return new Secret(password)
  }
  throw failure('E908', 'there is no terminal to ask for the sudo password', {
    hint: 'give the user passwordless sudo, or run this in a terminal',
  })
}

function accountOf(aws: Values): Account {
  const { region, profile, account, assume_role: assumeRole, endpoint } = aws
  const wrong = Object.keys(aws).find(
    (key) => !['region', 'profile', 'account', 'assume_role', 'endpoint'].includes(key),
  )
  if (wrong !== undefined)
    throw failure('E127', `\`aws:\` knows region, profile, account, assume_role and endpoint, not ${wrong}`)
  return {
    ...(typeof region === 'string' && region !== '' && { region }),
    ...(typeof profile === 'string' && { profile }),
    ...(typeof assumeRole === 'string' && { assumeRole }),
    ...((typeof account === 'string' || typeof account === 'number') && { account: String(account).padStart(12, '0') }),
    ...(typeof endpoint === 'string' && { endpoint }),
  }
}

/** Values of an argument as written in all tasks of a module; none when one of them is only computed. */
function writtenKeys(program: Program, module: string, key: string): readonly string[] {
  const values = tasksOfProgram(program)
    .filter((task) => task.module === module)
    .map((task) => task.args[key])
  return values.every((value) => typeof value === 'string') ? (values as string[]) : []
}

function explain(error: unknown): Diagnostic {
  if (error instanceof Failure && error.diagnostics[0]) return error.diagnostics[0]
  if (error instanceof ConnectionFailure)
    return { severity: 'error', code: error.code, message: error.message, hint: error.hint }
  if (isAwsError(error)) return explainAwsError(error, environment()['AWS_REGION'] ?? 'the region')
  const message = error instanceof Error ? error.message : String(error)
  return {
    severity: 'error',
    code: 'E999',
    message,
    hint: 'this is not a fault of your input that the runner knows; -v shows where it happened',
  }
}
