import type { Connection, Place } from './connection.ts'
import { makeHostConnection } from './connect-host.ts'
import type { SshOptions } from './ssh.ts'
import type { Transport } from './connect-host.ts'
import type { Traffic } from './traffic.ts'

export interface Connector {
  /** The connection to a host; the same one each time. Nothing is opened yet. */
  connect(place: Place): Connection
  /** Loads the code of SSH. */
  prepare(): Promise<void>
  /** By the host's name: what talking to it cost. */
  traffic(): Readonly<Record<string, Traffic>>
  close(): Promise<void>
}

/** Keeps one connection for each host. */
export function makeConnector(options: SshOptions): Connector {
  const open = new Map<string, { readonly name: string; readonly connection: Connection }>()
  return {
    connect(place) {
      const key = JSON.stringify([place.name, place.connection, place.address, place.port, place.user, place.identity])
      const known = open.get(key)
      if (known) return known.connection
      const notices: string[] = []
      const noting: SshOptions = {
        ...options,
        onNotice: (where, text) => {
          notices.push(text)
          options.onNotice(where, text)
        },
      }
      const transport =
        place.connection === 'local'
          ? lazily(async () => (await import('./local.ts')).localTransport())
          : lazily(async () => (await import('./ssh.ts')).sshTransport(place, noting), place.user)
      const connection = makeHostConnection(place.name, transport, place.becomePassword, notices)
      open.set(key, { name: place.name, connection })
      return connection
    },
    prepare: async () => void (await import('./ssh.ts')),
    traffic: () => Object.fromEntries([...open.values()].map(({ name, connection }) => [name, connection.traffic])),
    async close() {
      await Promise.all([...open.values()].map(({ connection }) => connection[Symbol.asyncDispose]()))
    },
  }
}

/** The code of a kind of connection is loaded by the first host that needs it. */
function lazily(load: () => Promise<Transport>, user = ''): Transport {
  let transport: Transport | undefined
  let loading: Promise<Transport> | undefined
  const loaded = async (): Promise<Transport> => (transport = await (loading ??= load()))
  return {
    get alive() {
      return transport?.alive ?? false
    },
    open: async (signal) => await (await loaded()).open(signal),
    start: async (command) => await (await loaded()).start(command),
    renew: () => transport?.renew(),
    user: () => transport?.user() ?? user,
    close: async () => await transport?.close(),
  }
}
