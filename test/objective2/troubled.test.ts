import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { cloudPart } from '../lab/cloud-part.ts'
import { objectsIn } from '../lab/leftovers.ts'
import type { Trouble } from '../lab/overlay/trouble.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

const writes = /:(Create|Run|Import|Put|Modify|Authorize|Delete|Terminate|Deregister)/

/** What AWS and the way to it do on bad days, each with the same chances every time: the mission's cloud part comes right all the same. */
describe('an AWS with troubles', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let words: readonly string[]
  let all: readonly string[]
  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    words = [cloudPart(runner), '-i', 'inventory/lab.yml']
    expect((await runner.apply(...words)).exit).to.equal(0)
    all = await objectsIn(emulator.env)
    expect(new Set(all).size).to.equal(all.length)
  })
  beforeEach(async () => await emulator.empty())
  afterEach(() => emulator.troubles.end())
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const troubled: readonly (readonly [what: string, troubles: readonly Trouble[], least: readonly [number, number]])[] =
    [
      ['throttles three calls of ten', [{ what: 'throttled', of: /./, share: 0.3 }], [20, 10]],
      [
        'answers 500 and 503 to three calls of ten',
        [
          { what: 'server error', of: /./, share: 0.15 },
          { what: 'unavailable', of: /./, share: 0.15 },
        ],
        [20, 10],
      ],
      ['takes a call, but its answer is lost', [{ what: 'lost reply', of: writes, times: 1 }], [14, 10]],
      ['takes a call and answers 500', [{ what: 'failed reply', of: writes, times: 1 }], [14, 10]],
      ['does not show what was just made', [{ what: 'not visible', of: /:(Create|Run|Import)/, times: 2 }], [10, 0]],
      [
        'has what is to go still in use',
        [
          {
            what: 'in use',
            of: /ec2:DeleteSecurityGroup|efs:DeleteFileSystem|rds:DeleteDBSubnetGroup|elb:DeleteTargetGroup/,
            times: 2,
          },
        ],
        [0, 8],
      ],
      ['shows what was before a change', [{ what: 'stale', of: writes, times: 1 }], [10, 10]],
      ['has another time than we', [{ what: 'clock skew', of: /./ }], [10, 10]],
    ]
  for (const [what, troubles, [applying, destroying]] of troubled)
    it(`${what}: all is made once, and all goes`, async () => {
      const happened = (): number => Object.values(emulator.troubles.happened()).reduce((sum, one) => sum + one, 0)
      emulator.troubles.begin(troubles, 1)
      const applied = await runner.apply(...words)
      expect(applied.exit, applied.stderr).to.equal(0)
      expect(happened()).to.be.at.least(applying)
      emulator.troubles.end()
      expect(await objectsIn(emulator.env)).to.deep.equal(all)
      expect(changes(await runner.plan(...words))).to.deep.equal([])
      emulator.troubles.begin(troubles, 2)
      const destroyed = await runner.run('destroy', '--yes', ...words)
      expect(destroyed.exit, destroyed.stderr + destroyed.stdout).to.equal(0)
      expect(happened()).to.be.at.least(destroying)
      emulator.troubles.end()
      expect(await objectsIn(emulator.env)).to.deep.equal([])
    })

  it('refuses one call: what does not need it is made, the rest says why, and the next run finishes', async () => {
    emulator.troubles.begin([{ what: 'denied', of: /elb:CreateLoadBalancer/ }])
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr).to.contain('error[E804] the AWS user may not do this').and.contain('CreateLoadBalancer')
    const made = await objectsIn(emulator.env)
    expect(made).to.include('database cluster bookstore').and.not.include('load balancer bookstore')
    emulator.troubles.end()
    const again = await runner.apply(...words)
    expect(again.exit, again.stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal(all)
  })

  it('takes our credentials no longer: said once, and the next run with new ones finishes', async () => {
    emulator.troubles.begin([{ what: 'expired', of: /./, after: 45 }])
    const { exit, stderr } = await runner.run('apply', '--yes', ...words)
    expect(exit).to.equal(1)
    expect(stderr.match(/the AWS credentials have expired/g)).to.have.length(1)
    emulator.troubles.end()
    const made = await objectsIn(emulator.env)
    expect(made).to.not.have.length(0)
    const again = await runner.apply(...words)
    expect(again.exit, again.stderr).to.equal(0)
    expect(await objectsIn(emulator.env)).to.deep.equal(all)
  })
})
