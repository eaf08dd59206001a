import { expect } from 'chai'
import { networkRuns } from './network-runs.ts'
import { fault, startVirtual, type Virtual } from './virtual.ts'

const writes = /^ec2:(?!Describe)/
const small = { name: 'shop', cidr: '10.20.0.0/16', zones: 1, private: false }
const large = { name: 'shop', cidr: '10.20.0.0/16', zones: 2, nat: 'one', s3_endpoint: true, tags: { team: 'shop' } }

/** An update that comes to its end at ever later calls, there and back: what is left is taken up by the next one, whichever way it goes. */
describe('a network that is changed', function () {
  this.timeout(20 * 60_000)
  let aws: Virtual
  before(async () => (aws = await startVirtual()))
  after(async () => await aws?.close())

  const { there, becomes, goes, cutOff } = networkRuns(() => aws)
  /** A run that dies when AWS has taken a call: whether it did not come to its end before. */
  const killed = async (passed: number, doing: () => Promise<unknown>): Promise<boolean> => {
    aws.lab.troubles.begin([{ what: 'stalled', of: writes, after: passed, times: 1 }])
    return await cutOff(doing())
  }
  /** A run of which AWS takes no call any more. */
  const failed = async (passed: number, doing: () => Promise<unknown>): Promise<boolean> => {
    aws.lab.troubles.begin([{ what: 'denied', of: writes, after: passed }])
    const said = await fault(doing())
    aws.stop()
    aws.lab.troubles.end()
    aws.again()
    return said !== 'nothing failed'
  }

  it('is as it is to be after the next run, wherever the one before it ended, and goes without a rest', async () => {
    await becomes(large)
    const whole = await there()
    expect(new Set(whole).size).to.equal(whole.length)
    await becomes(small)
    const least = await there()
    const last = [0, 0]
    for (let passed = 0, open = true; open; passed++) {
      open = false
      for (const [way, [want, parts]] of (
        [
          [large, whole],
          [small, least],
        ] as const
      ).entries()) {
        const ends = (passed + way) % 2 === 0 ? killed : failed
        if (await ends(passed, () => becomes(want))) {
          last[way] = passed
          open = true
          await becomes(want)
        }
        expect(await there(), `way ${way}, after ${passed} calls`).to.deep.equal(parts)
      }
    }
    expect(Math.min(...last)).to.be.greaterThan(7)
    await goes(small)
    expect(await there()).to.deep.equal([])
  })
})
