import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { alone } from '../lab/claim.ts'
import { freePort } from '../lab/free-port.ts'
import { installed } from '../lab/packages.ts'

/** A real sshd on a port of its own, with users of its own. */
export interface Sshd {
  readonly port: number
  readonly folder: string
  /** Private key that every user of this server accepts. */
  readonly key: string
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string
  /** Process ids of the sshd children that serve connections. */
  serving(): readonly number[]
  stop(): Promise<void>
}

// names of this process's own: two runs of the tests on one machine don't meet
const own = process.pid.toString(36)

/** Users made for the tests: with sudo without password, with sudo and password, without sudo, and with bash as shell. */
export const users = {
  free: `rt-free-${own}`,
  asked: `rt-asked-${own}`,
  none: `rt-none-${own}`,
  bash: `rt-bash-${own}`,
} as const
const sudoers = `/etc/sudoers.d/rt-tests-${own}`

export const password = 'pass word $(x)'

export interface SshdOptions {
  /** Where it listens; loopback if left out. */
  readonly address?: string
  /** Words put before its command: the network it runs in. */
  readonly within?: readonly string[]
}

/** Starts sshd, as root; installs it when it is missing. */
export async function startSshd({ address = '127.0.0.1', within = [] }: SshdOptions = {}): Promise<Sshd> {
  const missing = await installed({ sshd: 'openssh-server', sudo: 'sudo' })
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'))
  chmodSync(folder, 0o755)
  const key = join(folder, 'key')
  makeKey(key)
  makeKey(join(folder, 'host'))
  await alone('users', async () => addUsers(readFileSync(`${key}.pub`, 'utf8')))
  const port = await freePort()
  const config = join(folder, 'sshd_config')
  writeFileSync(
    config,
    [
      `Port ${port}`,
      `ListenAddress ${address}`,
      `HostKey ${join(folder, 'host')}`,
      `PidFile ${join(folder, 'pid')}`,
      'UsePAM no',
      'PasswordAuthentication no',
      'AuthorizedKeysFile .ssh/authorized_keys',
      'MaxStartups 100',
      'StrictModes no',
      'AllowTcpForwarding yes',
    ].join('\n'),
  )
  mkdirSync('/run/sshd', { recursive: true })
  const [program = '', ...words] = [...within, '/usr/sbin/sshd', '-D', '-e', '-f', config]
  const server = spawn(program, words, { stdio: 'ignore' })
  await listening(address, port)
  return {
    port,
    folder,
    key,
    hostKey: readFileSync(join(folder, 'host.pub'), 'utf8').trim().split(' ').slice(0, 2).join(' '),
    serving: () => childrenOf(server.pid as number).flatMap((pid) => [pid, ...childrenOf(pid)]),
    stop: async () => await stop(server, folder),
  }
}

/** A new key pair without passphrase, unless one is given. */
export function makeKey(file: string, passphrase = ''): void {
  run('ssh-keygen', '-q', '-t', 'ed25519', '-N', passphrase, '-f', file)
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function addUsers(publicKey: string): void {
  for (const name of Object.values(users)) addUser(name, publicKey)
  execFileSync('chpasswd', { input: `${users.asked}:${password}\n` })
  const may = `${users.free} ALL=(ALL) NOPASSWD: ALL\n${users.bash} ALL=(ALL) NOPASSWD: ALL\n${users.asked} ALL=(ALL) ALL\n`
  // sudo passes over names with a dot (sudoers(5)), and so never reads half of it
  writeFileSync(`${sudoers}.new`, may, { mode: 0o440 })
  renameSync(`${sudoers}.new`, sudoers)
}

function addUser(name: string, publicKey: string): void {
  // one that a killed run left behind
  if (existsSync(`/home/${name}`)) removeUser(name)
  // `*`: no password, but not locked, which sshd would refuse
  run('useradd', '-m', '-s', name === users.bash ? '/bin/bash' : '/bin/sh', '-p', '*', name)
  const home = `/home/${name}`
  mkdirSync(`${home}/.ssh`, { recursive: true, mode: 0o700 })
  writeFileSync(`${home}/.ssh/authorized_keys`, publicKey, { mode: 0o600 })
  const id = Number(run('id', '-u', name))
  for (const path of [`${home}/.ssh`, `${home}/.ssh/authorized_keys`]) chownSync(path, id, id)
}

async function listening(address: string, port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await wait(50)
  }
  throw new Error('sshd did not start')
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  // those who serve a connection end with it, and the tests have closed theirs
  server.kill('SIGTERM')
  await wait(300)
  await alone('users', async () => Object.values(users).forEach(removeUser))
  rmSync(sudoers, { force: true })
  rmSync(folder, { recursive: true, force: true })
}

function removeUser(name: string): void {
  try {
    run('userdel', '-f', '-r', name)
  } catch {
    // it complains about a missing mail spool, after having done its work
  }
}
