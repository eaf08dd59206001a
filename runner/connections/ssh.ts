import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
// CommonJS whose names Node cannot see: only the default import works
import ssh2, { type AnyAuthMethod, type Client, type ClientChannel, type ConnectConfig, type ParsedKey } from 'ssh2'
import { ConnectionFailure, type Place } from './connection.ts'
import type { Transport } from './connect-host.ts'
import type { Pipe } from './session.ts'
import { explainSsh } from './ssh-errors.ts'
import { hostKeysFor } from './ssh-host-key.ts'
import { settingsFor, type SshDefaults, type SshSettings } from './ssh-settings.ts'

export interface SshOptions extends SshDefaults {
  /** Where host keys are pinned. */
  readonly knownHostsFile: string
  readonly askPassphrase?: (file: string) => Promise<string | undefined>
  readonly onNotice: (where: string, text: string) => void
}

/** A host over SSH; connects when first used, and again when the connection broke. */
export function sshTransport(place: Place, options: SshOptions): Transport {
  let client: Promise<Client> | undefined
  let usable = false
  const settings = settingsFor(place, options)
  const connected = async (signal?: AbortSignal): Promise<Client> => {
    if (client && usable) return await client
    if (!client) {
      client = connect(place, settings, options, signal).then((one) => {
        usable = true
        one.on('close', () => {
          usable = false
          client = undefined
        })
        return one
      })
      client.catch(() => (client = undefined))
    }
    return await client
  }
  return {
    get alive() {
      return usable
    },
    open: async (signal) => void (await connected(signal)),
    user: () => settings.user,
    start: async (command) => pipeOf(await channel(await connected(), command, place.name)),
    close: async () => {
      const one = await client?.catch(() => undefined)
      one?.end()
    },
  }
}

async function channel(client: Client, command: string, name: string): Promise<ClientChannel> {
  return await new Promise((resolve, reject) => {
    try {
      client.exec(command, (error, stream) => (error ? reject(broken(name, error)) : resolve(stream)))
    } catch (error) {
      reject(broken(name, error))
    }
  })
}

function broken(name: string, cause: unknown): ConnectionFailure {
  return new ConnectionFailure(
    'E724',
    `the connection to ${name} broke: ${(cause as Error).message}`,
    'run again: what was done stays done',
    { cause, passing: true },
  )
}

function pipeOf(stream: ClientChannel): Pipe {
  let code: number | undefined
  stream.on('exit', (status: number | null) => (code = status ?? undefined))
  stream.on('error', () => undefined)
  return {
    write: (data) => void stream.write(data),
    onStdout: (take) => void stream.on('data', take),
    onStderr: (take) => void stream.stderr.on('data', take),
    onEnd: (ended) => void stream.on('close', () => ended(code === undefined ? {} : { code })),
    close: () => stream.end(),
  }
}

async function connect(
  place: Place,
  settings: SshSettings,
  options: SshOptions,
  signal?: AbortSignal,
): Promise<Client> {
  const [jump, ...more] = settings.jumps.toReversed()
  const through = jump === undefined ? undefined : await throughJump(jump, more.toReversed(), settings, options, signal)
  const tried: string[] = []
  const methods = await authMethods(settings, options, tried)
  let refused: ConnectionFailure | undefined
  const keys = hostKeysFor(place, settings, options.knownHostsFile, (text) => options.onNotice(place.name, text))
  const config: ConnectConfig = {
    host: settings.host,
    port: settings.port,
    username: settings.user,
    ...(settings.agent !== undefined && { agent: settings.agent }),
    ...(through && { sock: through }),
    readyTimeout: settings.connectTimeout * 1000,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: preferred(keys.types) as never },
    hostVerifier: (key: Buffer) => {
      refused = keys.check(key)
      return refused === undefined
    },
    authHandler: methods as never,
  }
  return await new Promise<Client>((resolve, reject) => {
    const client = new ssh2.Client()
    const stop = (): void => {
      client.destroy()
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', stop, { once: true })
    client.once('ready', () => {
      signal?.removeEventListener('abort', stop)
      client.setNoDelay(true)
      resolve(client)
    })
    client.on('error', (error) => {
      signal?.removeEventListener('abort', stop)
      reject(refused ?? explainSsh(error, place.name, settings, tried))
    })
    client.once('close', () =>
      reject(refused ?? explainSsh(new Error('closed by the other side'), place.name, settings, tried)),
    )
    client.connect(config)
  })
}

/** Key types in the order in which the host is asked for them: those whose keys are known come first. */
function preferred(known: readonly string[]): readonly string[] {
  const usual = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ]
  const algorithms = known.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]))
  return [...new Set([...algorithms.filter((one) => usual.includes(one)), ...usual])]
}

async function throughJump(
  jump: string,
  more: readonly string[],
  to: SshSettings,
  options: SshOptions,
  signal?: AbortSignal,
): Promise<Readable> {
  const [, user, host = jump, port] = /^(?:([^@]+)@)?(?:ssh:\/\/)?(.+?)(?::(\d+))?$/.exec(jump) ?? []
  const place: Place = {
    name: host,
    connection: 'ssh',
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  }
  const own = settingsFor(place, options)
  const client = await connect(place, more.length > 0 ? { ...own, jumps: more } : own, options, signal)
  return await new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, stream) => {
      if (error)
        return reject(
          new ConnectionFailure(
            'E726',
            `${host} does not lead to ${to.host}:${to.port}: ${error.message}`,
            'check ProxyJump in ssh_config, and that the host behind it is up',
            { cause: error, passing: true },
          ),
        )
      stream.on('close', () => client.end())
      resolve(stream as unknown as Readable)
    })
  })
}

/** What is offered for login, in ssh's order: keys of the agent, then the files. */
async function authMethods(
  settings: SshSettings,
  options: SshOptions,
  tried: string[],
): Promise<readonly (AnyAuthMethod | 'none')[]> {
  const methods: (AnyAuthMethod | 'none')[] = []
  const { user: username } = settings
  if (settings.agent !== undefined && !settings.identitiesOnly) {
    tried.push('the agent')
    methods.push({ type: 'agent', username, agent: settings.agent })
  }
  for (const file of settings.identities) {
    const key = await readKey(file, options)
    tried.push(key ? file : `${file} (not readable)`)
    if (key) methods.push({ type: 'publickey', username, key: key as never })
  }
  return methods
}

async function readKey(file: string, options: SshOptions): Promise<ParsedKey | undefined> {
  let text: Buffer
  try {
    text = readFileSync(file)
  } catch {
    return undefined
  }
  let key = ssh2.utils.parseKey(text)
  if (key instanceof Error && /passphrase|encrypted/i.test(key.message)) {
    const passphrase = await options.askPassphrase?.(file)
    if (passphrase === undefined)
      throw new ConnectionFailure(
        'E727',
        `the key ${file} has a passphrase`,
        'load it into the agent (ssh-add), or run this in a terminal',
      )
    key = ssh2.utils.parseKey(text, passphrase)
  }
  if (key instanceof Error)
    throw new ConnectionFailure(
      'E727',
      `the key ${file} cannot be used: ${key.message}`,
      'is it a private key, and the passphrase right?',
    )
  return Array.isArray(key) ? key[0] : key
}
