import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeConnector, type Connector } from '../../runner/connections/connect.ts'
import type { Connection, Place, Step } from '../../runner/connections/connection.ts'
import { startSshd, users, type Sshd, type SshdOptions } from './sshd.ts'

export const whoami: Step = { kind: 'exec', argv: ['id', '-un'] }

interface Choices {
  /** File of pinned keys. */
  readonly pins?: string
  /** File of ssh_config. */
  readonly config?: string
  readonly askPassphrase?: () => Promise<string | undefined>
}

export interface SshLab {
  readonly sshd: Sshd
  /** Folder of the user who runs the runner. */
  readonly home: string
  /** A connection as a run of its own would have. */
  reach(place: Partial<Place>, choices?: Choices): Connection
  /** Who the host says we are. */
  said(connection: Connection, become?: string): Promise<string | undefined>
  /** Closes a connector in the end. */
  opened(connector: Connector): void
}

/** An sshd for the tests of one file; `where` says, once they begin, in which network. */
export function sshLab(where: () => Promise<SshdOptions> = () => Promise.resolve({})): SshLab {
  let sshd: Sshd
  let home: string
  const connectors: Connector[] = []
  let address = '127.0.0.1'
  before(async () => {
    const options = await where()
    address = options.address ?? address
    sshd = await startSshd(options)
    home = mkdtempSync(join(tmpdir(), 'home-'))
  })
  after(async () => {
    await Promise.all(connectors.map((one) => one.close()))
    await sshd.stop()
    rmSync(home, { recursive: true, force: true })
  })
  return {
    get sshd() {
      return sshd
    },
    get home() {
      return home
    },
    reach(place, choices = {}) {
      const connector = makeConnector({
        home,
        user: users.free,
        knownHostsFile: choices.pins ?? join(home, 'pins'),
        onNotice: () => undefined,
        ...(choices.askPassphrase && { askPassphrase: choices.askPassphrase }),
        ...(choices.config !== undefined && { sshConfigFile: choices.config }),
      })
      connectors.push(connector)
      const usual = { name: 'box', connection: 'ssh', address, port: sshd.port, user: users.free } as const
      return connector.connect({ ...usual, identity: sshd.key, ...place })
    },
    async said(connection, become) {
      return (await connection.run([whoami], become === undefined ? {} : { become }))[0]?.stdout.trim()
    },
    opened: (connector) => void connectors.push(connector),
  }
}
