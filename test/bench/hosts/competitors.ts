import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { cached } from '../../lab/cache.ts'
import type { Command } from '../measure.ts'
import type { Hosts } from './hosts.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../../../', import.meta.url))

export const names = ['openssh', 'runner', 'pyinfra', 'ansible', 'mitogen'] as const
export type Name = (typeof names)[number]

/** One of those compared: what it is, and the command that brings the twenty tasks about on these hosts. */
export interface Competitor {
  readonly title: string
  readonly command: Command
  /** It only reads: the floor of a run that changes nothing. */
  readonly reads?: true
}

export async function competitor(name: Name, hosts: Hosts): Promise<Competitor> {
  switch (name) {
    case 'openssh':
      return openssh(hosts)
    case 'runner':
      return runner(hosts)
    case 'pyinfra':
      return await pyinfra(hosts)
    case 'ansible':
      return await ansible(hosts, ['ansible-core==2.19.14'], [])
    case 'mitogen':
      return await ansible(hosts, ['ansible-core==2.19.14', 'mitogen==0.3.54'], ['mitogen'])
  }
}

async function openssh({ folder, key, addresses }: Hosts): Promise<Competitor> {
  const { stderr } = await execa('ssh', ['-V'])
  const words = ['python3', join(here, 'floor.py'), join(here, 'twenty-probes.sh'), key, join(folder, 'known_hosts')]
  return {
    title: (stderr.split(',')[0] ?? 'OpenSSH').replaceAll('_', ' '),
    reads: true,
    command: { words: [...words, ...addresses] as [string, ...string[]] },
  }
}

function runner({ folder, key, addresses }: Hosts): Competitor {
  const inventory = join(folder, 'runner.yml')
  const lines = addresses.map((address, index) => `    host${index + 1}: { address: ${address} }\n`)
  writeFileSync(inventory, `all:\n  user: ubuntu\n  identity: ${key}\n  hosts:\n${lines.join('')}`)
  const words = ['apply', '--yes', join(here, 'twenty-tasks.yml'), '-i', inventory, '-f', String(addresses.length)]
  return {
    title: 'runner',
    command: {
      words: [process.execPath, join(root, 'bin', 'runner.js'), ...words],
      cwd: folder,
      env: { XDG_STATE_HOME: join(folder, 'state') },
    },
  }
}

async function pyinfra({ folder, key, addresses }: Hosts): Promise<Competitor> {
  const bin = await venv('pyinfra', ['pyinfra==3.10.0'])
  const data = {
    ssh_user: 'ubuntu',
    ssh_key: key,
    ssh_known_hosts_file: join(folder, 'pyinfra_hosts'),
    ssh_strict_host_key_checking: 'accept-new',
  }
  const inventory = join(folder, 'inventory.py')
  const values = JSON.stringify(data)
  writeFileSync(inventory, `hosts = [${addresses.map((address) => `("${address}", ${values})`).join(', ')}]\n`)
  const parallel = ['--parallel', String(addresses.length)]
  return {
    title: 'pyinfra 3.10.0',
    command: {
      words: [join(bin, 'pyinfra'), '--yes', ...parallel, inventory, join(here, 'twenty_tasks.py')],
      cwd: folder,
    },
  }
}

async function ansible(
  { folder, key, addresses }: Hosts,
  packages: readonly string[],
  strategy: readonly string[],
): Promise<Competitor> {
  const bin = await venv(strategy.length > 0 ? 'mitogen' : 'ansible', packages)
  const settings = join(folder, strategy.length > 0 ? 'mitogen.cfg' : 'ansible.cfg')
  const { stdout: site } = await execa(join(bin, 'python'), ['-c', 'import site; print(site.getsitepackages()[0])'])
  const mitogen =
    strategy.length > 0
      ? `strategy_plugins = ${join(site, 'ansible_mitogen', 'plugins', 'strategy')}\nstrategy = mitogen_linear\n`
      : ''
  // as their own documentation advises for speed, with as many forks as hosts
  writeFileSync(
    settings,
    `[defaults]\nforks = ${addresses.length}\nhost_key_checking = False\ninterpreter_python = /usr/bin/python3\n${mitogen}` +
      `[ssh_connection]\npipelining = True\nssh_args = -F none -o ControlMaster=auto -o ControlPersist=60s -o IdentityAgent=none\n`,
  )
  const inventory = join(folder, 'ansible.ini')
  writeFileSync(
    inventory,
    `[all]\n${addresses.map((address) => `${address} ansible_user=ubuntu ansible_ssh_private_key_file=${key}\n`).join('')}`,
  )
  return {
    title: packages.map((one) => one.replace('==', ' ')).join(' + '),
    command: {
      words: [join(bin, 'ansible-playbook'), '-i', inventory, join(here, 'twenty-tasks-ansible.yml')],
      cwd: folder,
      env: { ANSIBLE_CONFIG: settings, ANSIBLE_HOME: join(folder, 'ansible'), LC_ALL: 'C.UTF-8' },
    },
  }
}

async function venv(name: string, packages: readonly string[]): Promise<string> {
  const folder = await cached(`bench-${name}`, { packages }, async (target) => {
    await execa('python3', ['-m', 'venv', target])
    await execa(join(target, 'bin', 'pip'), ['install', '--quiet', ...packages])
  })
  return join(folder, 'bin')
}
