import type { Readable } from 'node:stream'
// CommonJS whose names Node cannot see: only the default import works
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import { ConnectionFailure, type Place } from './connection.ts'
import type { Transport } from './connect-host.ts'
import type { Pipe } from './session.ts'
import { hurry } from './ssh-eager.ts'
import { explainSsh } from './ssh-errors.ts'
import { loginWith } from './ssh-login.ts'
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
  let usable: Client | undefined
  const channels = new Map<Client, number>()
  const settings = settingsFor(place, options)
  const connected = async (signal?: AbortSignal): Promise<Client> => {
    if (client && usable) return await client
    if (!client) {
      client = connect(place, settings, options, signal).then((one) => {
        usable = one
        one.on('close', () => {
          // one that was replaced ends later than the next begins
          if (usable !== one) return
          usable = undefined
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
      return usable !== undefined
    },
    open: async (signal) => void (await connected(signal)),
    user: () => settings.user,
    async start(command) {
      const one = await connected()
      channels.set(one, (channels.get(one) ?? 0) + 1)
      const over = (): void => {
        const left = (channels.get(one) ?? 0) - 1
        channels.set(one, left)
        if (left === 0 && usable !== one) one.end()
      }
      const pipe = await begin(one, command, place.name).catch((error: unknown) => {
        over()
        throw error
      })
      pipe.onEnd(over)
      return pipe
    },
    renew() {
      const before = usable
      usable = undefined
      client = undefined
      if (before && (channels.get(before) ?? 0) === 0) before.end()
    },
    close: async () => {
      const one = await client?.catch(() => undefined)
      one?.end()
    },
  }
}

/** What a command that ends at once says of its end comes together with word that it began: it is listened to from the first moment. */
async function begin(client: Client, command: string, name: string): Promise<Pipe> {
  return await new Promise((resolve, reject) => {
    try {
      client.exec(command, (error, stream) => (error ? reject(broken(name, error)) : resolve(pipeOf(stream))))
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
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  stream.on('exit', (status: number | null) => (code = status ?? undefined))
  stream.on('error', () => undefined)
  stream.on('close', resolve)
  return {
    write: (data, gone) => void stream.write(data, () => gone?.()),
    onStdout: (take) => void stream.on('data', take),
    onStderr: (take) => void stream.stderr.on('data', take),
    onEnd: (ended) => void closed.then(() => ended(code === undefined ? {} : { code })),
    close: () => stream.end(),
  }
}

async function connect(
  place: Place,
  settings: SshSettings,
  options: SshOptions,
  signal?: AbortSignal,
): Promise<Client> {
  signal?.throwIfAborted()
  const [jump, ...more] = settings.jumps.toReversed()
  const through = jump === undefined ? undefined : await throughJump(jump, more.toReversed(), settings, options, signal)
  if (signal?.aborted) through?.destroy()
  signal?.throwIfAborted()
  const login = loginWith(settings, options.askPassphrase)
  let refused: ConnectionFailure | undefined
  const keys = hostKeysFor(place, settings, options.knownHostsFile, (text) => options.onNotice(place.name, text))
  const answer = async (offer: (method: unknown) => void): Promise<void> => {
    const method = await login.next().catch((error: unknown) => {
      refused = error as ConnectionFailure
      return false
    })
    offer(method)
  }
  const config: ConnectConfig = {
    host: settings.host,
    port: settings.port,
    username: settings.user,
    ...(through && { sock: through }),
    // counted here instead: not while a passphrase is asked for
    readyTimeout: 0,
    keepaliveInterval: settings.aliveInterval * 1000,
    keepaliveCountMax: settings.aliveCount,
    algorithms: { serverHostKey: preferred(keys.types) as never },
    hostVerifier: (key: Buffer) => {
      refused = keys.check(key)
      return refused === undefined
    },
    // ssh2 takes what is returned for an answer, so the promise must not be
    authHandler: ((_left: unknown, _partial: unknown, offer: (method: unknown) => void) => void answer(offer)) as never,
  }
  return await new Promise<Client>((resolve, reject) => {
    const client = new ssh2.Client()
    const settle = (done: () => void): void => {
      clearInterval(timer)
      signal?.removeEventListener('abort', stop)
      done()
    }
    const fail = (error: Error): void =>
      settle(() => reject(refused ?? explainSsh(error, place.name, settings, login.tried)))
    let left = settings.connectTimeout
    const timer = setInterval(() => {
      if (!login.asking()) left -= 1
      if (left > 0) return
      fail(Object.assign(new Error('no answer'), { level: 'client-timeout' }))
      client.destroy()
    }, 1000)
    const stop = (): void => {
      settle(() => reject(signal?.reason as Error))
      client.destroy()
    }
    signal?.addEventListener('abort', stop, { once: true })
    client.once('ready', () => settle(() => resolve(client)))
    client.on('error', (error: Error & { level?: string }) => {
      // an agent that does not answer is no reason not to try what comes next
      if (error.level !== 'agent') fail(error)
    })
    client.once('close', () => fail(new Error('closed by the other side')))
    client.connect(config)
    // two small packets in a row (new keys, and what is asked for with them): the second must not wait for the first's receipt
    client.setNoDelay(true)
    hurry(client, login.atOnce)
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
  const [, user, host = jump, port] = /^(?:ssh:\/\/)?(?:([^@]+)@)?\[?([^\]]+?)\]?(?::(\d+))?\/?$/.exec(jump) ?? []
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
            'E719',
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
