import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { makeCertificates } from '../modules/aws/certificates.ts'

describe('a certificate that ends soon', function () {
  this.timeout(120_000)
  let emulator: Emulator
  let runner: Runner

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    const [pair] = await makeCertificates()
    writeFileSync(join(runner.folder, 'full.pem'), pair.certificate)
    writeFileSync(join(runner.folder, 'key.pem'), pair.key)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const playbook = (days: number): string => {
    const text = `- hosts: localhost
  tasks:
    - name: Own certificate
      aws.certificate: { name: own, certificate_file: full.pem, private_key: !secret file:key.pem, warn_days: ${days} }
`
    writeFileSync(join(runner.folder, 'own.yml'), text)
    return 'own.yml'
  }

  it('is warned of by every plan, though nothing is to change', async () => {
    expect((await runner.apply(playbook(30))).exit).to.equal(0)
    expect((await runner.run('plan', playbook(30))).stderr).to.not.contain('ends on')
    const { exit, stderr } = await runner.run('plan', playbook(10_000))
    expect(exit).to.equal(0)
    expect(stderr).to.contain('the certificate ends on 2036-01-01').and.contain('W768')
    expect(changes(await runner.plan('own.yml'))).to.deep.equal([])
  })
})

describe('targets that become unhealthy though nobody changed anything', function () {
  this.timeout(180_000)
  let emulator: Emulator
  let runner: Runner

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const site = `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: { vpc: default, zones: 2 }
      register: network
    - name: Template
      aws.launch_template: { name: web, image: ami-12c6146b, type: t3.small }
      register: template
    - name: Targets
      aws.target_group: { name: web, port: 80, vpc: "{{ network.vpc_id }}" }
      register: targets
    - name: Group
      aws.autoscaling_group:
        name: web
        launch_template: { id: "{{ template.id }}", version: "{{ template.version }}" }
        min_size: 2
        max_size: 4
        subnets: "{{ network.public_subnets }}"
        target_groups: ["{{ targets.arn }}"]
`
  const balancer = `    - name: Balancer
      aws.load_balancer:
        name: web
        subnets: "{{ network.public_subnets }}"
        listeners: [{ port: 80, protocol: HTTP, default: { forward: "{{ targets.arn }}" } }]
`
  const words = ['site.yml', '-i', 'inventory/lab.yml']
  const write = (text: string): void => writeFileSync(join(runner.folder, 'site.yml'), text)

  it('are no work for an apply: it ends at once, and says how many of how many and why', async () => {
    write(site + balancer)
    const made = await runner.apply(...words)
    expect(made.exit, made.stderr).to.equal(0)
    // the load balancer came in the same run: that the group has one was waited for
    expect(made.stderr).to.not.contain('W768')
    emulator.courses.set('target', { ends: 'unhealthy', reason: 'Target.Timeout' })
    emulator.clear()
    const { exit, events, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(stderr.replaceAll(/\s+/g, ' ')).to.contain('0 of 2 targets healthy in web: Target.Timeout')
    expect(stderr).to.contain('W768')
    expect(events.filter(({ type }) => type === 'node.status')).to.deep.equal([])
    expect(emulator.writes()).to.deep.equal({})
  })

  it('are not checked at all where no load balancer uses them, which is said after the very first apply', async () => {
    await emulator.empty()
    emulator.courses.clear()
    write(site)
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
    expect(stderr.replaceAll(/\s+/g, ' ')).to.contain('no load balancer uses the target group web')
  })
})
