import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../../runner/engine/event.ts'
import { startSshd, users, type Sshd } from '../connections/sshd.ts'
import { makeRunner, type Outcome, type Runner } from '../lab/runner.ts'

/** The command line against hosts behind a real sshd: `h1` with sudo, `h2` with bash, `h3` without sudo. */
export interface SshHosts {
  readonly sshd: Sshd
  readonly runner: Runner
  /** Where the runner pins host keys. */
  readonly pins: string
  /** Writes a playbook (`TMP` stands for a folder that every user may write to); gives the words to run it with. */
  write(playbook: string): readonly string[]
  /** Writes the inventory: lines of hosts instead of the three, or another key. */
  hosts(lines?: readonly string[], identity?: string): void
  /** A file in the folder, undefined while there is none. */
  file(name: string): string | undefined
  /** Until a file is there. */
  there(name: string): Promise<void>
  apply(...words: readonly string[]): Promise<Outcome>
}

const three = [`h1: { user: ${users.free} }`, `h2: { user: ${users.bash} }`, `h3: { user: ${users.none} }`]

export function sshHosts(): SshHosts {
  let sshd: Sshd
  let runner: Runner
  before(async () => (sshd = await startSshd()))
  after(() => sshd.stop())
  beforeEach(() => {
    runner = makeRunner({ SSH_AUTH_SOCK: '' })
    chmodSync(runner.folder, 0o777)
    mkdirSync(join(runner.folder, 'state', 'runner'), { recursive: true })
    lab.hosts()
  })
  afterEach(() => runner.close())
  const path = (name: string): string => join(runner.folder, name)
  const lab: SshHosts = {
    get sshd() {
      return sshd
    },
    get runner() {
      return runner
    },
    get pins() {
      return path('state/runner/known_hosts')
    },
    write(playbook) {
      writeFileSync(path('play.yml'), playbook.replaceAll('TMP', runner.folder))
      return ['play.yml', '-i', 'hosts.yml']
    },
    hosts(lines = three, identity = sshd.key) {
      const common = `  address: 127.0.0.1\n  port: ${sshd.port}\n  identity: ${identity}\n`
      writeFileSync(path('hosts.yml'), `web:\n${common}  hosts:\n${lines.map((line) => `    ${line}\n`).join('')}`)
    },
    file: (name) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined),
    async there(name) {
      for (let left = 1500; left > 0 && !existsSync(path(name)); left--) await sleep(20)
      if (!existsSync(path(name))) throw new Error(`${name} did not appear`)
    },
    apply: async (...words) => await runner.run('apply', '--yes', '-o', 'plain', ...words),
  }
  return lab
}

/** What the events say of a task: `h1 changed`, sorted. */
export function resultsOf(events: readonly Event[], task: string): readonly string[] {
  return events
    .flatMap((event) => (event.type === 'node.done' && event.task === task ? [`${event.where} ${event.result}`] : []))
    .toSorted()
}
