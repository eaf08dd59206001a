import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { expect } from 'chai'
import { clientsFor } from '../lab/aws-clients.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { objectsIn } from '../lab/leftovers.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { makeCertificates } from '../modules/aws/certificates.ts'
import { networkObjects } from '../modules/aws/network-objects.ts'
import { placesIn } from './places.ts'

const variants: Readonly<Record<string, string>> = {
  aurora: '    db_topology: aurora\n    db_class: db.t4g.medium\n',
  network: '    vpc: { name: bookstore, cidr: 10.20.0.0/16 }\n',
  route53: '    domain: { kind: route53, zone: example.org, name: books.example.org }\n',
  duckdns:
    '    domain:\n      kind: duckdns\n      name: books.duckdns.org\n      token: !secret env:DUCK\n' +
    '      certificate: !secret file:full.pem\n      private_key: !secret file:key.pem\n',
}

/** What a word in the inventory makes of the mission: another database, a domain with TLS, a network of its own. */
describe('playbooks/objective2.yml in its variants', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner({ ...emulator.env, DUCK: 'a-token-that-nobody-sees' })
    const [pair] = await makeCertificates()
    writeFileSync(join(runner.folder, 'playbooks', 'full.pem'), pair.certificate)
    writeFileSync(join(runner.folder, 'playbooks', 'key.pem'), pair.key)
    for (const [name, vars] of Object.entries(variants))
      writeFileSync(join(runner.folder, 'inventory', `${name}.yml`), `all:\n  vars:\n${vars}`)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const words = (...names: readonly string[]): readonly string[] =>
    ['production', ...names].flatMap((name) => ['-i', `inventory/${name}.yml`])

  for (const name of Object.keys(variants))
    it(`plans ${name} with nothing read`, async () => {
      const { exit, stdout, stderr } = await runner.run('plan', '--offline', 'playbooks/objective2.yml', ...words(name))
      expect(exit, stderr).to.equal(0)
      expect(stdout).to.not.contain('a-token-that-nobody-sees').and.not.contain('PRIVATE KEY')
      const secure = name === 'route53' || name === 'duckdns'
      expect(stdout).to.contain(secure ? 'certificate:' : 'protocol: HTTP, default: {forward')
      expect(stdout.includes('+ Network  aws.network')).to.equal(name === 'network')
      expect(stdout.includes('topology            aurora')).to.equal(name === 'aurora')
      expect(stdout.includes('aws.route53_record')).to.equal(name === 'route53')
      expect(stdout.includes('duckdns.record')).to.equal(name === 'duckdns')
    })

  it('has to be allowed to make a network only where it makes one', async () => {
    const allowed = async (...names: readonly string[]) => {
      const { exit, stdout, stderr } = await runner.run(
        'modules',
        '--iam-policy',
        'playbooks/objective2.yml',
        ...words(...names),
      )
      expect(exit, stderr).to.equal(0)
      return /ec2:CreateVpc"/.test(stdout)
    }
    expect(await allowed()).to.equal(false)
    expect(await allowed('network')).to.equal(true)
  })

  it('makes Aurora in a network of its own and a name with TLS in Route 53, sees nothing to do then, and takes all of it away', async () => {
    // the first play: all that needs no host
    const text = readFileSync(join(runner.folder, 'playbooks', 'objective2.yml'), 'utf8')
    const first = text.slice(0, text.indexOf('- name: Application template'))
    writeFileSync(join(runner.folder, 'playbooks', 'first.yml'), first)
    const options = {
      region: 'us-east-1',
      endpoint: emulator.endpoint,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    }
    const route53 = new Route53Client(options)
    const zone = await route53.send(new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: 'variants' }))
    const recordNames = async (): Promise<readonly string[]> => {
      const list = new ListResourceRecordSetsCommand({ HostedZoneId: zone.HostedZone?.Id ?? '' })
      const { ResourceRecordSets: found = [] } = await route53.send(list)
      return found.filter((one) => one.Type !== 'NS' && one.Type !== 'SOA').map((one) => one.Type ?? '')
    }
    writeFileSync(
      join(runner.folder, 'inventory', 'unprotected.yml'),
      'all: { vars: { protect_data: false, admin_cidr: 127.0.0.1/32 } }\n',
    )
    const playbook = ['playbooks/first.yml', ...words('aurora', 'network', 'route53', 'unprotected')]
    const { exit, stderr } = await runner.apply(...playbook)
    expect(exit, stderr).to.equal(0)
    expect(changes(await runner.plan(...playbook))).to.deep.equal([])
    expect((await recordNames()).toSorted()).to.deep.equal(['A', 'CNAME'])
    const inside = ['private', 'private', 'private']
    expect(await placesIn(emulator.endpoint)).to.deep.equal({
      balancer: ['public', 'public', 'public'],
      database: inside,
      files: inside,
    })
    const destroyed = await runner.run(
      'destroy',
      '--yes',
      '--allow-destroy',
      'Database cluster',
      '--allow-destroy',
      'Shared files',
      ...playbook,
    )
    expect(destroyed.exit, destroyed.stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal([])
    expect(await networkObjects(clientsFor(emulator.endpoint).ec2)).to.deep.equal([])
    expect(await recordNames()).to.deep.equal([])
  })
})
