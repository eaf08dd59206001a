import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateSecurityGroupCommand, DescribeVpcsCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2'
import { fingerprintOf } from '../../runner/modules/aws/key-pair/diff.ts'
import type { Plan } from '../../runner/plan/plan.ts'
import { clientsFor } from '../lab/aws-clients.ts'
import { startEmulator } from '../lab/emulator.ts'
import { makeRunner } from '../lab/runner.ts'

export interface Scale {
  /** Objects of the playbook, all there and as they should be. */
  readonly objects: number
  readonly seconds: number
  /** Processor time of the runner, in seconds: unlike the clock's it hardly depends on what else the machine does. */
  readonly cpu: number
  /** The most memory that the runner held, in MiB. */
  readonly mebibytes: number
  readonly calls: Readonly<Record<string, number>>
  readonly unchanged: number
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKdSLKGpLMoU4AcH792OCuoHGLZUNO7jSyTQiyHzScMv scale'

/** Plans of a playbook with so many objects, half of them security groups and half key pairs, that are all there already. */
export async function measureScale(sizes: readonly number[]): Promise<readonly Scale[]> {
  const emulator = await startEmulator()
  const runner = makeRunner(emulator.env)
  const { ec2 } = clientsFor(emulator.endpoint)
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}))
  const tasks: string[] = []
  const found: Scale[] = []
  try {
    for (const size of sizes) {
      for (let index = tasks.length; index < size; index++) {
        const name = `scale-${index}`
        const tags = [
          { Key: 'runner:playbook', Value: 'scale' },
          { Key: 'runner:task', Value: name },
        ]
        if (index % 2 === 0) {
          await ec2.send(
            new CreateSecurityGroupCommand({
              GroupName: name,
              Description: 'Managed by runner',
              VpcId: vpc?.VpcId,
              TagSpecifications: [{ ResourceType: 'security-group', Tags: [...tags, { Key: 'Name', Value: name }] }],
            }),
          )
          tasks.push(`    - name: ${name}\n      aws.security_group: { name: ${name}, vpc: ${vpc?.VpcId} }\n`)
        } else {
          tasks.push(`    - name: ${name}\n      aws.key_pair: { name: ${name}, public_key: "${key}" }\n`)
          await ec2.send(
            new ImportKeyPairCommand({
              KeyName: name,
              PublicKeyMaterial: Buffer.from(key),
              TagSpecifications: [
                {
                  ResourceType: 'key-pair',
                  Tags: [...tags, { Key: 'runner:fingerprint', Value: fingerprintOf(key) }],
                },
              ],
            }),
          )
        }
      }
      const playbook = join(runner.folder, 'playbooks', 'scale.yml')
      writeFileSync(playbook, `- hosts: localhost\n  aws: { region: us-east-1 }\n  tasks:\n${tasks.join('')}`)
      emulator.clear()
      found.push({ objects: size, ...(await planned(runner, emulator.calls)) })
    }
  } finally {
    runner.close()
    await emulator.close()
  }
  return found
}

async function planned(
  runner: ReturnType<typeof makeRunner>,
  calls: () => Readonly<Record<string, number>>,
): Promise<Omit<Scale, 'objects'>> {
  const began = performance.now()
  const child = runner.start('plan', '-o', 'json', 'playbooks/scale.yml')
  let [most, cpu] = [0, 0]
  const watching = setInterval(() => {
    most = Math.max(most, residentMost(child.pid))
    cpu = Math.max(cpu, processorTime(child.pid))
  }, 20)
  const { stdout, stderr, exitCode } = await child
  const seconds = (performance.now() - began) / 1000
  clearInterval(watching)
  if (exitCode !== 0) throw new Error(`plan ended with ${exitCode}: ${String(stderr).slice(0, 2000)}`)
  const plan = JSON.parse(String(stdout)) as Plan
  return { seconds, cpu, mebibytes: Math.round(most / 1024), calls: calls(), unchanged: plan.counts.none }
}

/** Processor time of a process so far, in seconds (proc(5), stat: utime and stime in hundredths of one). */
function processorTime(pid: number | undefined): number {
  try {
    // the name, in parentheses, may hold anything
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(words[11]) + Number(words[12])) / 100
  } catch {
    return 0
  }
}

/** Linux's high-water mark of a process's memory, in KiB (proc(5), VmHWM). */
function residentMost(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // it has ended
    return 0
  }
}
