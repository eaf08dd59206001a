import { expect } from 'chai'
import { writePlaybook } from '../lab/cloud-part.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

describe('what a change does to users', function () {
  this.timeout(5 * 60_000)
  let emulator: Emulator
  let runner: Runner
  const words = ['playbooks/site.yml', '-i', 'inventory/lab.yml']

  const write = (type: string, encrypted: boolean, more = ''): void =>
    void writePlaybook(
      runner,
      'site.yml',
      `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Network
      aws.network: { vpc: default, zones: 2 }
      register: network
    - name: Host
      aws.instance: { name: web, image: "ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", type: ${type}, root_volume: { size: 8 }, subnet: "{{ network.public_subnets[0] }}" }
    - name: Files
      aws.efs: { name: files, subnets: "{{ network.public_subnets }}", encrypted: ${encrypted} }${more}
`,
    )

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    write('t3.small', true)
    const { exit, stderr } = await runner.apply(...words)
    expect(exit, stderr).to.equal(0)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  it('stands in the plan beside the field, with the usual time', async () => {
    write('t3.large', true)
    const { stdout } = await runner.run('plan', ...words)
    expect(stdout).to.match(/^ +type t3\.small → t3\.large +# restart, usually 2 min$/m)
    const [change] = changes(await runner.plan(...words))
    expect(change?.fields).to.deep.equal([
      { path: 'type', before: 't3.small', after: 't3.large', known: true, disruption: 'restart', usual: 120 },
    ])
    expect((await runner.run('plan', ...words, '-o', 'html')).stdout).to.contain('usually 2 min')
  })

  it('is more than allowed: exit code 3, and nothing is done', async () => {
    for (const limit of ['none', 'rolling', 'window']) {
      emulator.clear()
      const { exit, stdout } = await runner.run('apply', '--yes', ...words, '--max-disruption', limit)
      expect(exit).to.equal(3)
      expect(stdout).to.contain(`worse than --max-disruption ${limit}: Host`)
      expect(emulator.writes()).to.deep.equal({})
    }
    expect((await runner.run('plan', ...words, '--max-disruption', 'rolling')).exit).to.equal(3)
    expect((await runner.apply(...words, '--max-disruption', 'restart')).exit).to.equal(0)
  })

  it('would lose data: needs to be allowed by name, without protect, too', async () => {
    write('t3.large', false)
    emulator.clear()
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr.replaceAll(/\s+/g, ' '))
      .to.contain('E715')
      .and.to.contain('“Files” holds data, and encrypted would replace it')
    expect(emulator.writes()).to.deep.equal({})
    const plan = await runner.plan(...words, '--allow-destroy', 'Files')
    expect(changes(plan)).to.deep.include({
      task: 'Files',
      action: 'replace',
      fields: [
        {
          path: 'encrypted',
          before: true,
          after: false,
          known: true,
          forces: 'replace',
          disruption: 'data_loss',
          usual: 120,
        },
      ],
    })
    const limited = await runner.run(
      'apply',
      '--yes',
      ...words,
      '--allow-destroy',
      'Files',
      '--max-disruption',
      'replace',
    )
    expect(limited.exit).to.equal(3)
    expect((await runner.apply(...words, '--allow-destroy', 'Files')).exit).to.equal(0)
    expect(changes(await runner.plan(...words))).to.deep.equal([])
  })

  it('a destroy asks for what is protected, too', async () => {
    write('t3.large', false, '\n      protect: true')
    emulator.clear()
    const { exit, stderr } = await runner.run('destroy', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('E715')
    expect(emulator.writes()).to.deep.equal({})
    expect((await runner.run('destroy', '--yes', ...words, '--allow-destroy', 'Files')).exit).to.equal(0)
  })
})
