import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { machineImage } from './machine-image.ts'

/** A host with a kernel of its own: Debian in a virtual machine. */
export interface Machine {
  /** For `-F`: whatever address is asked for, it leads here. */
  readonly sshConfig: string
  /** Runs a command as root, beside all that is tested. */
  exec(command: string): Promise<string>
  /** Ends the log-in of `exec`, which would not outlive a new start; the next command logs in anew. */
  leave(): Promise<void>
  close(): Promise<void>
}

/** Programs that it needs, with their packages. */
export const machineParts = { 'qemu-system-x86_64': 'qemu-system-x86', 'mkfs.ext4': 'e2fsprogs' } as const

/**
 * Starts it by emulating the processor: KVM would be faster, but where the machine is virtual itself it often does not work. It has one
 * only: with two, emulated side by side, a kernel that rewrites its own code now and then panics as it starts, and `panic=5` starts it
 * anew should it yet. What is written to its disk is gone when it is closed.
 */
export async function startMachine(): Promise<Machine> {
  const { disk, kernel, initrd } = await machineImage()
  const folder = mkdtempSync(join(tmpdir(), 'runner-machine-'))
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'runner-lab', '-f', join(folder, 'key')])
  const own = join(folder, 'disk')
  await execa('cp', ['--sparse=always', '--reflink=auto', disk, own])
  // the key is written into the file system itself: nobody can log in yet
  const script = `mkdir /home/ubuntu/.ssh\nwrite ${join(folder, 'key.pub')} /home/ubuntu/.ssh/authorized_keys\nsif /home/ubuntu/.ssh uid 1000\nsif /home/ubuntu/.ssh/authorized_keys uid 1000\n`
  await execa('debugfs', ['-w', '-f', '-', own], { input: script })
  const port = await freePort()
  const console = join(folder, 'console')
  const machine = spawn(
    'qemu-system-x86_64',
    [
      '-accel',
      'tcg',
      '-cpu',
      'max',
      '-m',
      '768',
      '-display',
      'none',
      '-nodefaults',
      '-no-user-config',
      '-serial',
      `file:${console}`,
      '-kernel',
      kernel,
      '-initrd',
      initrd,
      '-append',
      'root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 mitigations=off audit=0 panic=5',
      '-drive',
      `file=${own},format=raw,if=virtio,cache=unsafe`,
      '-netdev',
      `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`,
      '-device',
      'virtio-net-pci,netdev=net,romfile=',
      '-device',
      'virtio-rng-pci',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const sshConfig = join(folder, 'ssh_config')
  writeFileSync(
    sshConfig,
    `Host *\n  HostName 127.0.0.1\n  Port ${port}\n  User ubuntu\n  IdentityFile ${join(folder, 'key')}\n  IdentityAgent none\n  ConnectTimeout 60\n  UserKnownHostsFile ${join(folder, 'known_hosts')}\n`,
  )
  const options = ['-F', sshConfig, '-o', 'StrictHostKeyChecking=accept-new', '-o', 'LogLevel=ERROR']
  // one log-in for all commands: it takes seconds on an emulated processor
  const shared = [
    ...options,
    '-o',
    'ControlMaster=auto',
    '-o',
    `ControlPath=${join(folder, 'ssh')}`,
    '-o',
    'ControlPersist=yes',
  ]
  const exec = async (command: string): Promise<string> =>
    (await execa('ssh', [...shared, 'vm', 'sudo', 'sh', '-s'], { input: command })).stdout
  const answering = async (): Promise<void> => {
    for (const end = Date.now() + 15 * 60_000; Date.now() < end; await sleep(1000)) {
      if (machine.exitCode !== null) throw new Error(`qemu ended with ${machine.exitCode}`)
      const answer = await execa('ssh', [...options, '-o', 'ConnectTimeout=5', 'vm', 'true'], {
        reject: false,
        timeout: 30_000,
      })
      if (answer.exitCode === 0) return
    }
    throw new Error(
      `the virtual machine does not answer; its console says: ${readFileSync(console, 'utf8').slice(-500)}`,
    )
  }
  const close = async (): Promise<void> => {
    if (machine.exitCode === null) {
      const ended = once(machine, 'exit')
      machine.kill('SIGKILL')
      await ended
    }
    await execa('ssh', [...shared, '-O', 'exit', 'vm'], { reject: false })
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answering()
  } catch (error) {
    await close()
    throw error
  }
  return {
    sshConfig,
    exec,
    close,
    leave: async () => void (await execa('ssh', [...shared, '-O', 'exit', 'vm'], { reject: false })),
  }
}
