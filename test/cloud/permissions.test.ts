import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Policy } from '../../runner/plan/iam-policy.ts'
import { cloudPart, writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

/** As the lab counts calls and as IAM names them. */
const iamName = (call: string): string =>
  call
    .replace(/^elb:/, 'elasticloadbalancing:')
    .replace(/^efs:/, 'elasticfilesystem:')
    .replace(/^tagging:/, 'tag:')

describe('the policy of a playbook', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  const words = ['playbooks/cloud.yml', '-i', 'inventory/lab.yml']

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const policyOf = async (playbook: string): Promise<Policy> => {
    const { exit, stdout, stderr } = await runner.run('modules', '--iam-policy', playbook)
    expect(exit, stderr).to.equal(0)
    return JSON.parse(stdout) as Policy
  }
  const allowed = ({ Statement }: Policy): ReadonlySet<string> => new Set(Statement.flatMap((one) => one.Action))

  it('allows every call that applying, changing and destroying it makes', async () => {
    const file = cloudPart(runner)
    const text = readFileSync(join(runner.folder, file), 'utf8')
    expect((await runner.apply(...words)).exit).to.equal(0)
    writePlaybook(runner, 'cloud.yml', text.replace('max_size: 6', 'max_size: 8').replace('port: 22', 'port: 2222'))
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect((await runner.run('destroy', '--yes', ...words)).exit).to.equal(0)
    const made = Object.keys(emulator.calls()).map(iamName)
    expect(made.length).to.be.greaterThan(40)
    const actions = allowed(await policyOf(file))
    expect(made.filter((call) => !actions.has(call))).to.deep.equal([])
  })

  it('allows no writing that the playbook has no use for, and nothing unconditionally that has tags', async () => {
    const file = writePlaybook(
      runner,
      'key.yml',
      `- hosts: localhost
  aws: { region: eu-central-1 }
  tasks:
    - name: Key
      aws.key_pair: { name: some, public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5b2Zv2wTfhmCpZfv0pNb2bOVyC0K3QdS2s2pAfrmXb" }
`,
    )
    const policy = await policyOf(file)
    const writes = [...allowed(policy)].filter((action) => !/:(Describe|Get|List)/.test(action))
    expect(writes).to.have.members(['ec2:ImportKeyPair', 'ec2:DeleteKeyPair', 'ec2:CreateTags'])
    const conditions = Object.fromEntries(policy.Statement.map((one) => [one.Sid, one.Condition?.['StringEquals']]))
    const region = { 'aws:RequestedRegion': ['eu-central-1'] }
    expect(conditions['Read']).to.deep.equal(region)
    expect(conditions['CreateTagged']).to.deep.equal({ ...region, 'aws:RequestTag/runner:playbook': 'key' })
    expect(conditions['ChangeOwn']).to.deep.equal({ ...region, 'aws:ResourceTag/runner:playbook': 'key' })
  })
})
