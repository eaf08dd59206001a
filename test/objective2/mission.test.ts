import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AutoScalingClient, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import { missingParts } from '../lab/docker.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { startHost, type Host } from '../lab/host.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { clientsFor } from '../lab/aws-clients.ts'
import { networkObjects } from '../modules/aws/network-objects.ts'
import { placesIn } from './places.ts'

/** The mission itself, on an emulated AWS and a real host: each step starts from what the one before has left. */
describe('playbooks/objective2.yml', function () {
  this.timeout(15 * 60_000)
  let emulator: Emulator
  let host: Host
  let runner: Runner
  let words: readonly string[]

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    ;[emulator, host] = await Promise.all([startEmulator(), startHost({ withImages: true })])
    runner = makeRunner(emulator.env)
    words = ['playbooks/objective2.yml', '-i', 'inventory/lab.yml', '-F', host.sshConfig]
  })
  after(async () => {
    runner?.close()
    await Promise.all([emulator?.close(), host?.close()])
  })

  const edit = (from: string, to: string): void => {
    const file = join(runner.folder, 'playbooks', 'objective2.yml')
    const text = readFileSync(file, 'utf8')
    expect(text).to.contain(from)
    writeFileSync(file, text.replace(from, to))
  }

  it('plans an empty account: what is not known yet is said to be so', async () => {
    const plan = await runner.plan(...words)
    expect(plan.counts).to.deep.include({ update: 1, delete: 0, replace: 0 })
    const settings = plan.entries.find((entry) => entry.task === 'Settings')
    expect(settings?.fields.find((field) => field.path === 'content')).to.deep.include({ known: false })
  })

  it('applies all of it, as the plan said', async () => {
    const { exit, events, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    const end = events.at(-1)
    expect(end).to.deep.include({ type: 'run.done', ok: true })
    expect(end?.type === 'run.done' && end.accuracy?.misses).to.deep.equal([])
  })

  it('has put the database’s address on the host, and the application answers there', async () => {
    const settings = await host.exec('cat /etc/bookstore.env')
    expect(settings).to.match(/^DATABASE_HOST=bookstore\.cluster-[a-z0-9]+\.us-east-1\.rds\.amazonaws\.com$/m)
    expect(settings).to.match(/^DATABASE_READER_HOST=bookstore\.cluster-ro-/m)
    expect(settings).to.match(/^DATABASE_SECRET=arn:aws:secretsmanager:/m)
    expect(await host.exec('curl -fsS http://127.0.0.1/healthz')).to.not.equal('')
  })

  it('plans nothing the second time, with one Describe for each kind of object', async () => {
    emulator.clear()
    const plan = await runner.plan(...words)
    expect(changes(plan)).to.deep.equal([])
    expect(plan.cost).to.equal(undefined)
    expect(emulator.writes()).to.deep.equal({})
    const often = Object.entries(emulator.calls()).filter(([, count]) => count > 1)
    expect(often).to.deep.equal([])
  })

  it('changes the greatest number of instances by one field and one call', async () => {
    edit('max_size: 6', 'max_size: 8')
    const plan = await runner.plan(...words)
    expect(changes(plan)).to.deep.equal([
      { task: 'Scaling group', action: 'update', fields: [{ path: 'max_size', before: 6, after: 8, known: true }] },
    ])
    // two instances run on, only the bound is another: two more t3.small at 0.0208 dollars an hour
    expect(plan.cost).to.deep.include({ difference: '0', regions: ['us-east-1'], unpriced: [] })
    expect(plan.cost?.max?.difference).to.equal('30.368')
    emulator.clear()
    const { exit } = await runner.apply(...words)
    expect(exit).to.equal(0)
    expect(emulator.writes()).to.deep.equal({ 'autoscaling:UpdateAutoScalingGroup': 1 })
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('sees exactly what somebody changed behind its back, and puts it back', async () => {
    const options = {
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    }
    const ec2 = new EC2Client(options)
    const { SecurityGroups: [group] = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['bookstore-database'] }] }),
    )
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group?.GroupId ?? '',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    )
    await new AutoScalingClient(options).send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'bookstore', MaxSize: 20 }),
    )
    await host.exec('chmod 0777 /home/ubuntu/nfs-mount; echo more >> /etc/systemd/system/bookstore.service')
    const plan = await runner.plan(...words)
    expect(
      changes(plan).map(({ task, action, fields }) => [
        task,
        action,
        ...fields.map((field) => (field as { path: string }).path),
      ]),
    ).to.have.deep.members([
      ['Database access', 'update', 'ingress'],
      ['Scaling group', 'update', 'max_size'],
      ['Mount point', 'update', 'mode'],
      ['Application starts with the host', 'update', 'content'],
      // systemd itself has seen that the unit's file is another one
      ['Service enabled', 'update', 'daemon_reload'],
      ['reload systemd', 'run', 'cmd'],
    ])
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('destroys all of it and leaves nothing', async () => {
    const { exit, stderr } = await runner.run('destroy', '--yes', ...words)
    expect(exit, stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
  })
  it('does all of it in a network of its own when the inventory says so, and takes that away, too', async () => {
    const { ec2 } = clientsFor(emulator.endpoint)
    writeFileSync(
      join(runner.folder, 'inventory', 'own.yml'),
      'all: { vars: { vpc: { name: bookstore, cidr: 10.20.0.0/16, nat: one } } }\n',
    )
    const own = [...words, '-i', 'inventory/own.yml']
    const { exit, stderr } = await runner.apply(...own)
    expect(exit, stderr).to.equal(0)
    expect(changes(await runner.plan(...own))).to.deep.equal([])
    const inside = ['private', 'private', 'private']
    expect(await placesIn(emulator.endpoint)).to.deep.equal({
      balancer: ['public', 'public', 'public'],
      database: inside,
      files: inside,
      group: inside,
    })
    expect(await networkObjects(ec2)).to.include.members(['vpc bookstore', 'nat bookstore-nat-us-east-1a'])
    const gone = await runner.run('destroy', '--yes', ...own)
    expect(gone.exit, gone.stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
    expect(await networkObjects(ec2)).to.deep.equal([])
  })
})
