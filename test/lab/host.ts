import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { imported, startEngine, type Engine } from './docker.ts'
import { hostImage, nodeImage, type Suite } from './images.ts'

/** A real host: Debian with systemd, sshd and sudo, in a container that plays an EC2 instance. */
export interface Host {
  /** Its container. */
  readonly id: string
  readonly address: string
  /** This machine, as the host sees it. */
  readonly gateway: string
  /** For `-F`: whatever address AWS tells, it leads here. */
  readonly sshConfig: string
  /** Runs a command as root, beside all that is tested. */
  exec(command: string): Promise<string>
  /** Takes it off the network, as a cut cable would. */
  disconnect(): Promise<void>
  close(): Promise<void>
}

// all but SYS_RESOURCE, which the machine itself may lack: with --privileged nothing would start there
const capabilities =
  'AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_TIME SYS_TTY_CONFIG WAKE_ALARM'.split(
    ' ',
  )

/** Swap is the kernel's, which would keep it, and with it the file, when the host is gone. Another host's files are not found here. */
const noSwap = `awk '$2 == "file" { print $1 }' /proc/swaps | while IFS= read -r name; do swapoff "$(printf '%b' "$name")"; done`

/** Starts a host. With `withImages` it can run the application: a container image and the application's repository are on it. */
export async function startHost(
  options: { readonly withImages?: boolean; readonly suite?: Suite; readonly restarts?: boolean } = {},
): Promise<Host> {
  const engine = await startEngine()
  const image = await hostImageName(engine, options.suite)
  // alone in a network of its own it has the same address after each start
  const network = options.restarts ? `runner-lab-${process.pid}-${Date.now()}` : undefined
  if (network !== undefined) await engine.docker('network', 'create', '--label', 'runner-lab', network)
  const id = await engine.docker(
    'run',
    '--detach',
    ...(network === undefined ? ['--rm'] : ['--restart', 'always', '--network', network]),
    '--label',
    'runner-lab',
    ...capabilities.flatMap((name) => ['--cap-add', name]),
    '--security-opt',
    'seccomp=unconfined',
    '--security-opt',
    'apparmor=unconfined',
    '--device-cgroup-rule',
    'a *:* rwm',
    '--tmpfs',
    '/run',
    '--tmpfs',
    '/run/lock',
    '--volume',
    '/sys/fs/cgroup:/sys/fs/cgroup:rw',
    '--volume',
    '/var/lib/docker',
    '--env',
    'container=docker',
    '--env',
    'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1',
    ...(options.withImages ? ['--volume', `${await nodeImage()}:/srv/node-image.tar:ro`] : []),
    image,
    '/sbin/init',
  )
  const folder = mkdtempSync(join(tmpdir(), 'runner-host-'))
  const exec = async (command: string): Promise<string> => await engine.docker('exec', id, 'sh', '-c', command)
  const address = await engine.docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    id,
  )
  const gateway = await engine.docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}',
    id,
  )
  await login(engine, id, folder)
  if (options.withImages) await pushRepository(engine, id, folder)
  const sshConfig = join(folder, 'ssh_config')
  writeFileSync(
    sshConfig,
    `Host *\n  HostName ${address}\n  IdentityFile ${join(folder, 'key')}\n  IdentityAgent none\n  UserKnownHostsFile ${join(folder, 'known_hosts')}\n`,
  )
  await answering(exec)
  return {
    id,
    address,
    gateway,
    sshConfig,
    exec,
    disconnect: async () => void (await engine.docker('network', 'disconnect', '--force', 'bridge', id)),
    close: async () => {
      await engine.docker('exec', id, 'sh', '-c', noSwap).catch(() => '')
      await engine.docker('rm', '--force', '--volumes', id).catch(() => '')
      if (network !== undefined) await engine.docker('network', 'rm', network).catch(() => '')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The image of hosts, as the engine knows it. */
export async function hostImageName(engine: Engine, suite?: Suite): Promise<string> {
  return await imported(engine, await hostImage(suite), 'runner-lab')
}

async function login(engine: Engine, id: string, folder: string): Promise<void> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'runner-lab', '-f', join(folder, 'key')])
  const { stdout: key } = await execa('cat', [join(folder, 'key.pub')])
  for (const user of ['ubuntu', 'limited', 'nosudo']) {
    await engine.feed(
      `${key}\n`,
      'exec',
      '--interactive',
      id,
      'sh',
      '-c',
      `install -d -m 0700 -o ${user} -g ${user} /home/${user}/.ssh; cat > /home/${user}/.ssh/authorized_keys; chown ${user}:${user} /home/${user}/.ssh/authorized_keys`,
    )
  }
}

/** The application's sources as a bare repository on the host, as a forge would serve them. */
async function pushRepository(engine: Engine, id: string, folder: string): Promise<void> {
  const work = join(folder, 'work')
  cpSync(fileURLToPath(new URL('../../app/', import.meta.url)), join(work, 'app'), {
    recursive: true,
    filter: (name) => !name.includes('node_modules'),
  })
  const git = async (...words: readonly string[]): Promise<unknown> =>
    await execa('git', ['-c', 'user.name=lab', '-c', 'user.email=lab@example.com', ...words], { cwd: work })
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'The application')
  await execa('git', ['clone', '--quiet', '--bare', work, join(folder, 'bookstore.git')])
  await engine.docker('cp', join(folder, 'bookstore.git'), `${id}:/srv/bookstore.git`)
  await engine.docker('exec', id, 'chown', '-R', 'root:root', '/srv/bookstore.git')
}

async function answering(exec: (command: string) => Promise<string>): Promise<void> {
  for (let left = 120; left > 0; left--) {
    // Ubuntu starts it with the first who comes
    const state = await exec('systemctl is-active ssh ssh.socket || true').catch(() => '')
    if (state.split('\n').includes('active')) return
    await sleep(250)
  }
  throw new Error('the host of the lab did not start its sshd within 30 s')
}
