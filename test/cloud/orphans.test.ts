import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { cloudPart, without, writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

describe('what a playbook no longer names', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let whole: string
  const words = ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    whole = readFileSync(join(runner.folder, cloudPart(runner)), 'utf8')
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const orphans = async (...more: readonly string[]) =>
    (await runner.plan(...words, ...more)).entries.flatMap(({ task, module, action, orphan }) =>
      orphan === undefined ? [] : [`${action} ${task} (${module}) ${orphan}`],
    )

  it('is listed by plan, and left alone by an apply', async () => {
    writePlaybook(runner, 'cloud.yml', without(whole, 'Scaling policy'))
    expect(await orphans()).to.have.length(1)
    const { exit, stdout } = await runner.run('plan', ...words, '--detailed-exit-code')
    expect(exit).to.equal(0)
    expect(stdout).to.match(/^- bookstore-cpu  aws\.scaling_policy$/m)
    expect(stdout).to.contain('bookstore-cpu is no longer in the playbook; only apply --prune deletes it')
    expect(stdout.replaceAll(/\s+/g, ' ')).to.match(
      /Nothing to do: .* 1 no longer in the playbook \(--prune deletes it\)\./,
    )
    emulator.clear()
    const applied = await runner.run('apply', '--yes', ...words)
    expect(applied.exit).to.equal(0)
    expect(applied.stdout).to.contain('--prune')
    expect(emulator.writes()).to.deep.equal({})
  })

  it('is deleted by --prune, and nothing else is', async () => {
    const before = await objectsIn(emulator.env)
    expect((await runner.run('plan', ...words, '--prune', '--detailed-exit-code')).exit).to.equal(2)
    emulator.clear()
    const { exit, events, stderr } = await runner.apply(...words, '--prune')
    expect(exit, stderr).to.equal(0)
    expect(emulator.writes()).to.deep.equal({ 'autoscaling:DeletePolicy': 1 })
    const end = events.at(-1)
    expect(end?.type === 'run.done' && end.accuracy?.misses).to.deep.equal([])
    expect(await orphans()).to.deep.equal([])
    expect(await objectsIn(emulator.env)).to.deep.equal(before)
  })

  it('of several kinds goes in the right order', async () => {
    const less = without(
      whole,
      'Scaling policy',
      'Scaling group',
      'Launch template',
      'Application image',
      'Load balancer',
      'Targets',
      'Balancer access',
      'Address',
      // not made in this variant, but they refer to what is taken out
      'Name in Route 53',
      'Ways to the load balancer',
      'Front with a fixed address',
      'Name at DuckDNS',
    )
    writePlaybook(runner, 'cloud.yml', less.replace(/^.*balancer_access\.id.*\n/m, ''))
    const plan = await runner.plan(...words)
    expect(plan.entries.filter((entry) => entry.orphan).map((entry) => entry.task)).to.have.members([
      'Scaling group',
      'Launch template',
      'Application image',
      'Load balancer',
      'Targets',
      'Balancer access',
    ])
    const { exit, stderr } = await runner.apply(...words, '--prune')
    expect(exit, stderr).to.equal(0)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
    const left = await objectsIn(emulator.env)
    expect(left.join()).not.to.match(/load balancer|target group|scaling group|launch template|image|balancer/)
  })

  it('and holds data needs to be allowed by name', async () => {
    writePlaybook(
      runner,
      'cloud.yml',
      without(readFileSync(join(runner.folder, 'playbooks/cloud.yml'), 'utf8'), 'Shared files'),
    )
    const refused = await runner.run('apply', '--yes', '--prune', ...words)
    expect(refused.exit).to.equal(1)
    expect(refused.stderr).to.contain('E715').and.to.contain('--allow-destroy "Shared files"')
    const { exit, stderr } = await runner.apply(...words, '--prune', '--allow-destroy', 'Shared files')
    expect(exit, stderr).to.equal(0)
    expect((await objectsIn(emulator.env)).join()).not.to.contain('file system')
  })

  it('is not looked for where only some tasks are run, nor where a condition is not met', async () => {
    writePlaybook(
      runner,
      'cloud.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  vars: { want: true }
  tasks:
    - name: Key
      aws.key_pair: { name: some, public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5b2Zv2wTfhmCpZfv0pNb2bOVyC0K3QdS2s2pAfrmXb me" }
      when: want
      tags: [key]
    - name: Network
      aws.network: { vpc: default, zones: 1 }
      tags: [network]
`,
    )
    expect((await runner.apply(...words, '--prune', '--allow-destroy', 'Database cluster')).exit).to.equal(0)
    expect(await orphans('-t', 'network')).to.deep.equal([])
    expect(await orphans('-e', '{"want": false}')).to.deep.equal([])
    expect(await objectsIn(emulator.env)).to.deep.equal(['key pair some'])
  })
})
