import { AutoScalingClient, StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { clientsFor } from '../lab/aws-clients.ts'
import { writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

describe('another version of a launch template', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  /** Milliseconds by which AWS's clock is ahead of ours. */
  let ahead = 0
  let autoscaling: AutoScalingClient
  const words = ['playbooks/site.yml', '-i', 'inventory/lab.yml']

  const write = (type: string): void =>
    void writePlaybook(
      runner,
      'site.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: { vpc: default, zones: 2 }
      register: network
    - name: Template
      aws.launch_template: { name: web, image: ami-12c6146b, type: ${type} }
      register: template
    - name: Group
      aws.autoscaling_group:
        name: web
        launch_template: { id: "{{ template.id }}", version: "{{ template.version }}" }
        min_size: 2
        max_size: 4
        subnets: "{{ network.public_subnets }}"
        refresh: { max_healthy: 150, min_healthy: 100, checkpoints: [50, 100], checkpoint_delay: 1 }
`,
    )

  before(async () => {
    emulator = await startEmulator({ now: () => Date.now() + ahead })
    autoscaling = clientsFor(emulator.endpoint).autoscaling
    runner = makeRunner(emulator.env)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })
  beforeEach(async () => {
    await emulator.empty()
    emulator.courses.clear()
    write('t3.small')
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    write('t3.large')
  })

  const until = async (what: string, seen: () => boolean): Promise<void> => {
    for (let left = 4000; left > 0 && !seen(); left--) await sleep(50)
    expect(seen(), what).to.equal(true)
  }
  const called = (operation: string) => (): boolean => emulator.calls()[`autoscaling:${operation}`] !== undefined

  it('is rolled out, waited for, and then nothing is left to do', async () => {
    emulator.courses.set('instance refresh', { ms: 3_600_000 })
    emulator.clear()
    const child = runner.start('apply', '--yes', '-o', 'json', ...words)
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    // that it was asked for is not enough: its hour runs from when AWS has taken it
    await until('begun', () => said.includes('0 of 2 instances done'))
    ahead += 2_000_000
    await until('half of it', () => said.includes('1 of 2 instances done'))
    ahead += 2_000_000
    const { exitCode, stderr } = await child
    expect(exitCode, String(stderr)).to.equal(0)
    expect(emulator.writes()).to.deep.equal({
      'autoscaling:StartInstanceRefresh': 1,
      'ec2:CreateLaunchTemplateVersion': 1,
      ...(emulator.writes()['ec2:ModifyLaunchTemplate'] && { 'ec2:ModifyLaunchTemplate': 1 }),
    })
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  for (const ends of ['RollbackSuccessful', 'Failed'])
    it(`that ends as ${ends} fails the run, and the next plan wants it again`, async () => {
      emulator.courses.set('instance refresh', { ms: 1500, ends, reason: 'new instances are unhealthy' })
      const { exit, stderr } = await runner.apply(...words)
      expect(exit).to.equal(1)
      expect(stderr.replaceAll(/\s+/g, ' ')).to.contain(
        `the roll-out of web ended as ${ends}: new instances are unhealthy`,
      )
      expect(changes(await runner.plan(...words)).map(({ task, action }) => `${action} ${task}`)).to.deep.equal([
        'update Group',
      ])
      emulator.courses.clear()
      expect((await runner.apply(...words)).exit).to.equal(0)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
    })

  it('is gone on with when the run was killed meanwhile', async () => {
    emulator.courses.set('instance refresh', { ms: 4000 })
    const child = runner.start('apply', '--yes', ...words)
    await until('begun', called('StartInstanceRefresh'))
    child.kill('SIGKILL')
    await child
    emulator.clear()
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(emulator.writes()).to.deep.equal({})
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('takes the place of a roll-out that leads elsewhere', async () => {
    emulator.courses.set('instance refresh', { ms: 600_000 })
    await autoscaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: 'web' }))
    emulator.clear()
    const applied = runner.apply(...words)
    await until('cancelled', called('CancelInstanceRefresh'))
    emulator.courses.clear()
    const { exit, stderr } = await applied
    expect(exit, stderr).to.equal(0)
    expect(emulator.writes()).to.include({
      'autoscaling:CancelInstanceRefresh': 1,
      'autoscaling:StartInstanceRefresh': 1,
    })
  })
})
