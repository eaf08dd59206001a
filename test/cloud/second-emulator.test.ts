import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2'
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53'
import { expect } from 'chai'
import { clientsFor } from '../lab/aws-clients.ts'
import { cloudPart, without, writePlaybook } from '../lab/cloud-part.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { startSecondEmulator, type SecondEmulator } from '../lab/second-emulator.ts'

/** Tasks whose objects ministack does not keep as AWS does; docs/emulators.md says which call fails how. */
const leftOut = ['Administrator key', 'Application image']

/** The mission's cloud part on an emulator that shares nothing with the first: Aurora, since of Multi-AZ clusters it keeps no class, and TLS. */
describe('the mission on a second emulator', function () {
  this.timeout(10 * 60_000)
  let emulator: SecondEmulator
  let runner: Runner
  let words: readonly string[]
  const file = (): string => join(runner.folder, 'playbooks', 'cloud.yml')
  const edit = (from: string, to: string): void => {
    const text = readFileSync(file(), 'utf8')
    expect(text).to.contain(from)
    writeFileSync(file(), text.replace(from, to))
  }

  before(async () => {
    emulator = await startSecondEmulator()
    runner = makeRunner(emulator.env)
    cloudPart(runner)
    const text = without(readFileSync(file(), 'utf8'), ...leftOut)
      // no image is made of the template host: the group starts from the one that the host has
      .replace('{{ image.id }}', '{{ template.image_id }}')
      .replaceAll(/^ +key_name: .*\n/gm, '')
    const inventory =
      'all:\n  vars:\n    db_topology: aurora\n    db_class: db.r6g.large\n    domain: { kind: route53, zone: example.org, name: books.example.org }\n'
    writeFileSync(join(runner.folder, 'inventory', 'second.yml'), inventory)
    words = [writePlaybook(runner, 'cloud.yml', text), '-i', 'inventory/lab.yml', '-i', 'inventory/second.yml']
    const { endpoint } = emulator
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' }
    await new Route53Client({ region: 'us-east-1', endpoint, credentials }).send(
      new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: 'second' }),
    )
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  it('is made whole, each thing once, as the plan said', async () => {
    const { exit, events, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    const end = events.at(-1)
    expect(end?.type === 'run.done' && end.accuracy?.misses).to.deep.equal([])
    const all = await objectsIn(emulator.env)
    expect(new Set(all).size).to.equal(all.length)
    expect(all).to.have.length(15)
  })

  it('has nothing to do the second time', async () => {
    emulator.clear()
    expect(changes(await runner.plan(...words))).to.deep.equal([])
    expect(emulator.writes()).to.deep.equal({})
  })

  it('scales by one field and one call', async () => {
    edit('max_size: 6', 'max_size: 8')
    expect(changes(await runner.plan(...words))).to.deep.equal([
      { task: 'Scaling group', action: 'update', fields: [{ path: 'max_size', before: 6, after: 8, known: true }] },
    ])
    emulator.clear()
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(emulator.writes()).to.deep.equal({ 'autoscaling:UpdateAutoScalingGroup': 1 })
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('sees what somebody changed behind its back, and puts it back', async () => {
    const { ec2 } = clientsFor(emulator.endpoint)
    const { SecurityGroups: [group] = [] } = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['bookstore-database'] }] }),
    )
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group?.GroupId ?? '',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    )
    expect(changes(await runner.plan(...words)).map(({ task }) => task)).to.deep.equal(['Database access'])
    expect((await runner.apply(...words)).exit).to.equal(0)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('goes, and leaves nothing', async () => {
    const { exit, stderr } = await runner.run('destroy', '--yes', ...words)
    expect(exit, stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
    expect(emulator.faults()).to.deep.equal([])
  })
})
