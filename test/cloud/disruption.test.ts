import { DescribeDBClustersCommand, ModifyDBClusterCommand, RebootDBClusterCommand } from '@aws-sdk/client-rds'
import { expect } from 'chai'
import { clientsFor } from '../lab/aws-clients.ts'
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

  it('can wait for the maintenance window: said before, while it waits, and not asked for again', async () => {
    const database = (more: string): readonly string[] => [
      writePlaybook(
        runner,
        'database.yml',
        `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Database
      aws.db_cluster: { name: shop, version: "8.4", username: shop, storage: { size: 100 }, deletion_protection: false, final_snapshot: false, apply_immediately: false, ${more} }
`,
      ),
      '-i',
      'inventory/lab.yml',
    ]
    const made = await runner.apply(...database('class: db.m6gd.large'))
    expect(made.exit, made.stderr).to.equal(0)
    const larger = database('class: db.m6gd.xlarge, backup_days: 14')
    expect((await runner.run('plan', ...larger)).stdout)
      .to.match(/class +db\.m6gd\.large → db\.m6gd\.xlarge +# waits for the maintenance window/)
      .and.to.match(/backup_days +7 → 14 +# usually 1 min$/m)
    expect((await runner.run('apply', '--yes', ...larger, '--max-disruption', 'rolling')).exit).to.equal(3)
    const changed = await runner.apply(...larger, '--max-disruption', 'window')
    expect(changed.exit, changed.stderr).to.equal(0)
    const { rds } = clientsFor(emulator.endpoint)
    const cluster = async () => (await rds.send(new DescribeDBClustersCommand({}))).DBClusters?.[0]
    const there = await cluster()
    expect([there?.DBClusterInstanceClass, there?.BackupRetentionPeriod]).to.deep.equal(['db.m6gd.large', 14])
    // it waits: said by every plan, and no change
    emulator.clear()
    const waiting = await runner.run('plan', '--detailed-exit-code', ...larger)
    expect(waiting.exit, waiting.stdout).to.equal(0)
    expect(waiting.stderr).to.match(/W768.*\n?.*class: accepted, waits for the maintenance window/)
    expect((await runner.apply(...larger)).exit).to.equal(0)
    expect(emulator.writes()).to.deep.equal({})
    // the old class again: what waits is taken back before it can happen
    const back = database('class: db.m6gd.large, backup_days: 14')
    expect(changes(await runner.plan(...back)).map(({ action }) => action)).to.deep.equal(['update'])
    expect((await runner.apply(...back)).exit).to.equal(0)
    expect(changes(await runner.plan(...back))).to.deep.equal([])
    // and once more, until the window comes
    const again = await runner.apply(...database('class: db.m6gd.xlarge, backup_days: 14'))
    expect(again.exit, again.stderr).to.equal(0)
    emulator.courses.set('maintenance window', { ms: 0 })
    const after = await runner.run('plan', '--detailed-exit-code', ...larger)
    expect([after.exit, after.stderr]).to.deep.equal([0, ''])
    expect((await cluster())?.DBClusterInstanceClass).to.equal('db.m6gd.xlarge')
    expect((await cluster())?.EngineVersion).to.match(/^8\.4\.\d+$/)
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

  it('what AWS gets to later is said by every plan, and is no change: days of backups, an upgrade, a restart', async () => {
    await emulator.empty()
    emulator.courses.clear()
    const database = (more: string): readonly string[] => [
      writePlaybook(
        runner,
        'later.yml',
        `- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Database
      aws.db_cluster: { name: shop, version: "8.4", class: db.m6gd.large, username: shop, storage: { size: 100 }, deletion_protection: false, final_snapshot: false, ${more} }
`,
      ),
      '-i',
      'inventory/lab.yml',
    ]
    const said = async (playbook: readonly string[]): Promise<string> => {
      emulator.clear()
      const { exit, stdout, stderr } = await runner.run('plan', '--detailed-exit-code', ...playbook)
      expect(exit, stdout).to.equal(0)
      return stderr.replaceAll(/\s+/g, ' ')
    }
    expect((await runner.apply(...database('require_tls: false'))).exit).to.equal(0)
    emulator.courses.set('days of backups', { ms: 3_600_000 })
    expect(
      (await runner.apply(...database('require_tls: false, backup_days: 14, apply_immediately: false'))).exit,
    ).to.equal(0)
    // whether it is to be at once or not: AWS has it already
    expect(await said(database('require_tls: false, backup_days: 14'))).to.contain('backup_days: accepted')
    emulator.courses.set('days of backups', { ms: 1 })
    expect(await said(database('require_tls: false, backup_days: 14'))).to.equal('')
    // its parameter group is another one from now on, and counts after a restart
    const tls = database('backup_days: 14, require_tls: true')
    const changed = await runner.apply(...tls)
    expect(changed.exit, changed.stderr).to.equal(0)
    expect(changed.stderr.replaceAll(/\s+/g, ' ')).to.contain(
      'the parameter group shop-mysql8-4 counts only after a restart',
    )
    expect(await said(tls)).to.contain('aws rds reboot-db-cluster --db-cluster-identifier shop')
    const { rds } = clientsFor(emulator.endpoint)
    await rds.send(new RebootDBClusterCommand({ DBClusterIdentifier: 'shop' }))
    expect(await said(tls)).to.equal('')
    // somebody asked for an upgrade in the window
    await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'shop', EngineVersion: '8.4.99' }))
    expect(await said(tls)).to.contain('not asked for here: version 8.4.99')
  })
})
