import { readFileSync } from 'node:fs'
import ssh2, { type AnyAuthMethod, type IdentityCallback, type ParsedKey } from 'ssh2'
import { ConnectionFailure } from './connection.ts'
import type { SshSettings } from './ssh-settings.ts'

/** What is offered to a server, one after the other, as long as it takes none. */
export interface Login {
  /** The next method; false when there is none left. */
  next(): Promise<AnyAuthMethod | false>
  /** What was offered so far, in words. */
  readonly tried: readonly string[]
  /** The first is a key for whose kind there is only one way to sign. */
  readonly atOnce: boolean
  /** True while the user is asked for a passphrase. */
  asking(): boolean
}

/**
 * Key files that can be read at once come first (a server takes only a few tries, and an agent may hold many keys), then the agent;
 * a passphrase is asked for only when all that was not enough.
 */
export function loginWith(
  settings: SshSettings,
  askPassphrase: ((file: string) => Promise<string | undefined>) | undefined,
): Login {
  const { user: username, agent } = settings
  const tried: string[] = []
  let asking = false
  const files = settings.identities.map((file) => ({ file, ...readKey(file) }))
  const offers: (() => Promise<AnyAuthMethod | undefined>)[] = files
    .filter(({ locked }) => !locked)
    .map(({ file, key, why }) => () => {
      tried.push(key ? file : `${file} (${why})`)
      return Promise.resolve(key && ({ type: 'publickey', username, key } as unknown as AnyAuthMethod))
    })
  if (agent !== undefined) {
    offers.push(() => {
      tried.push('the agent')
      const socket = settings.identitiesOnly ? onlyKeys(agent, publicKeys(settings.identities)) : agent
      return Promise.resolve({ type: 'agent', username, agent: socket })
    })
  }
  for (const { file } of files.filter(({ locked }) => locked)) {
    offers.push(async () => {
      asking = true
      const answer = askPassphrase?.(file).finally(() => (asking = false))
      const passphrase = await answer
      if (!answer) asking = false
      if (passphrase === undefined) {
        throw new ConnectionFailure(
          'E727',
          `the key ${file} has a passphrase`,
          'load it into the agent (ssh-add), or run this in a terminal',
        )
      }
      const { key, why } = readKey(file, passphrase)
      if (!key)
        throw new ConnectionFailure('E727', `the key ${file} cannot be used: ${why}`, 'is the passphrase right?')
      tried.push(file)
      return { type: 'publickey', username, key } as unknown as AnyAuthMethod
    })
  }
  const first = files[0]
  return {
    tried,
    atOnce: first?.key !== undefined && first.key.type !== 'ssh-rsa',
    asking: () => asking,
    async next() {
      for (let offer = offers.shift(); offer; offer = offers.shift()) {
        const method = await offer()
        if (method) return method
      }
      return false
    },
  }
}

interface KeyFile {
  readonly key?: ParsedKey
  readonly locked: boolean
  readonly why: string
}

function readKey(file: string, passphrase?: string): KeyFile {
  let text: Buffer
  try {
    text = readFileSync(file)
  } catch (error) {
    return { locked: false, why: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not there' : 'not readable' }
  }
  const parsed = passphrase === undefined ? ssh2.utils.parseKey(text) : ssh2.utils.parseKey(text, passphrase)
  const key = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed
  if (!(key instanceof Error)) return { key, locked: false, why: '' }
  return { locked: passphrase === undefined && /passphrase|encrypted/i.test(key.message), why: key.message }
}

/** The public halves that ssh-keygen wrote beside the keys, in wire format. */
function publicKeys(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const { key } = readKey(`${file}.pub`)
    return key ? [key.getPublicSSH().toString('base64')] : []
  })
}

/** An agent of which only some keys are offered: what IdentitiesOnly means (ssh_config(5)). */
function onlyKeys(socket: string, wanted: readonly string[]): InstanceType<typeof ssh2.OpenSSHAgent> {
  class Chosen extends ssh2.OpenSSHAgent {
    override getIdentities(callback: IdentityCallback<ParsedKey>): void {
      super.getIdentities((error, keys) => {
        const fitting = ((keys ?? []) as ParsedKey[]).filter((key) => {
          const parsed = ssh2.utils.parseKey(key as never)
          return !(parsed instanceof Error) && wanted.includes(parsed.getPublicSSH().toString('base64'))
        })
        callback(error as undefined, fitting)
      })
    }
  }
  return new Chosen(socket)
}
