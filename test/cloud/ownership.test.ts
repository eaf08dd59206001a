import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { cloudPart, writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

describe('whose things are', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  const inventory = ['-i', 'inventory/lab.yml']

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  it('another account is neither read nor changed', async () => {
    const file = cloudPart(runner, 'pinned.yml')
    const text = readFileSync(join(runner.folder, file), 'utf8')
    const pin = (account: string): void =>
      void writePlaybook(runner, 'pinned.yml', text.replaceAll('aws: { region', `aws: { account: "${account}", region`))
    pin('210987654321')
    emulator.clear()
    const { exit, stderr } = await runner.run('apply', '--yes', file, ...inventory)
    expect(exit).to.equal(1)
    expect(stderr.replaceAll(/\s+/g, ' '))
      .to.contain('E808')
      .and.to.contain('of the account 123456789012, but the playbook is for 210987654321')
    expect(Object.keys(emulator.calls())).to.deep.equal(['sts:GetCallerIdentity'])
    pin('123456789012')
    emulator.clear()
    expect(changes(await runner.plan(file, ...inventory))).to.have.length(16)
    expect(emulator.calls()).to.include({ 'sts:GetCallerIdentity': 1 })
  })

  it('what belongs to somebody else is refused, and taken over when that is said', async () => {
    const other = cloudPart(runner, 'other.yml')
    expect((await runner.apply(other, ...inventory)).exit).to.equal(0)
    const all = await objectsIn(emulator.env)
    const mine = cloudPart(runner, 'mine.yml')
    const refused = await runner.run('apply', '--yes', mine, ...inventory)
    expect(refused.exit).to.equal(1)
    expect(refused.stderr).to.contain('E714').and.to.contain('--adopt "Balancer access"')

    const plan = await runner.plan(other, ...inventory)
    const names = plan.entries
      .filter((entry) => entry.module.startsWith('aws.') && !/network|scaling_policy/.test(entry.module))
      .map((entry) => entry.task)
    expect(names).to.have.length(15)
    const adopt = names.flatMap((name) => ['--adopt', name])
    const taking = changes(await runner.plan(mine, ...inventory, ...adopt))
    expect(taking.map(({ task, action, fields }) => ({ task, action, fields }))).to.have.deep.members(
      names.map((task) => ({
        task,
        action: 'update',
        fields: [{ path: 'runner:playbook', before: 'other', after: 'mine', known: true }],
      })),
    )
    emulator.clear()
    const { exit, stderr } = await runner.apply(mine, ...inventory, ...adopt)
    expect(exit, stderr).to.equal(0)
    expect(Object.keys(emulator.writes()).filter((name) => !/Tag/.test(name))).to.deep.equal([])
    expect(await objectsIn(emulator.env)).to.deep.equal(all)
    expect(changes(await runner.plan(mine, ...inventory))).to.deep.equal([])
    expect((await runner.run('plan', other, ...inventory)).stderr).to.contain('E714')
  })

  it('an adopted name must be one of a task', async () => {
    const { exit, stderr } = await runner.run('plan', 'playbooks/mine.yml', ...inventory, '--adopt', 'Nonsense')
    expect(exit).to.equal(4)
    expect(stderr).to.contain('no task of AWS is named “Nonsense”')
  })
})
