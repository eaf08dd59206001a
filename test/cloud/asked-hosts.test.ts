import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const playbook = `
- name: Every instance of the shop
  hosts: web
  connection: local
  tasks:
    - name: Note
      system.copy:
        content: "{{ ec2.name }} {{ ec2.private_ip }} {{ groups.web | length }}\\n"
        dest: "{{ folder }}/{{ inventory_hostname }}"
- name: How many
  hosts: localhost
  tasks:
    - name: Count
      system.debug: { msg: "{{ groups.web }}" }
`

/** `from: { aws.instances: … }`: members of a group that AWS is asked for. */
describe('hosts that AWS is asked for', function () {
  this.timeout(120_000)
  let emulator: Emulator
  let runner: Runner
  let ids: readonly string[]

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    const ec2 = new EC2Client({
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    })
    const launch = async (count: number, app: string): Promise<readonly string[]> => {
      const Tags = Object.entries({ app, Name: 'shop' }).map(([Key, Value]) => ({ Key, Value }))
      const made = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          MinCount: count,
          MaxCount: count,
          TagSpecifications: [{ ResourceType: 'instance', Tags }],
        }),
      )
      return (made.Instances ?? []).map((one) => one.InstanceId ?? '')
    }
    const [gone = '', ...others] = await launch(3, 'shop')
    await launch(2, 'else')
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }))
    ids = others.toSorted()
    mkdirSync(join(runner.folder, 'notes'))
    writeFileSync(join(runner.folder, 'playbooks', 'asked.yml'), playbook)
    writeFileSync(
      join(runner.folder, 'hosts.yml'),
      `all: { vars: { folder: ${join(runner.folder, 'notes')} } }\n` +
        'web: { from: { aws.instances: { tags: { app: shop }, address: private, aws: { region: us-east-1 } } } }\n',
    )
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const words = ['playbooks/asked.yml', '-i', 'hosts.yml']

  it('are those that carry the tags and have not ended, by one Describe; each is named by its id', async () => {
    emulator.clear()
    const plan = await runner.plan(...words)
    const hosts = plan.entries.filter((entry) => entry.task === 'Note').map((entry) => entry.where)
    expect(hosts.toSorted()).to.deep.equal(ids)
    expect(emulator.calls()['ec2:DescribeInstances']).to.equal(1)
  })

  it('are worked on, and know what AWS says of them', async () => {
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    for (const id of ids)
      expect(readFileSync(join(runner.folder, 'notes', id), 'utf8')).to.match(/^shop \d+\.\d+\.\d+\.\d+ 2\n$/)
    const plan = await runner.plan(...words)
    expect(plan.entries.filter((entry) => entry.action !== 'none' && entry.task === 'Note')).to.deep.equal([])
  })

  it('are not known with --offline, and the plan says so', async () => {
    const { exit, stdout, stderr } = await runner.run('plan', '--offline', ...words)
    expect(exit, stderr).to.equal(0)
    expect(`${stdout}${stderr}`).to.contain('AWS is not asked which hosts are in web')
  })

  it('are refused where the inventory does not say which', async () => {
    writeFileSync(join(runner.folder, 'wrong.yml'), 'web: { from: { gcp.instances: { tags: { a: b } } } }\n')
    const { exit, stderr } = await runner.run('plan', 'playbooks/asked.yml', '-i', 'wrong.yml')
    expect(exit).to.equal(4)
    expect(stderr).to.contain('hosts cannot be asked of gcp.instances')
  })
})
