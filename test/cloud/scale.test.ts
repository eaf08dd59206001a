import { expect } from 'chai'
import { measureScale, type Scale } from '../bench/scale.ts'

describe('many objects in one playbook', function () {
  this.timeout(10 * 60_000)
  let scale: readonly Scale[]
  // the first run is thrown away: it reads the program's files from the disk
  before(async () => (scale = (await measureScale([0, 0, 125, 250, 500])).slice(1)))

  it('are all read and found unchanged', () => {
    for (const { objects, unchanged } of scale) expect(unchanged).to.equal(objects)
  })

  it('are read by one Describe a page, however many they are', () => {
    const { calls } = scale.at(-1) as Scale
    // key pairs have no pages, and the 250 groups fit on one; all other kinds are looked through for what is no longer in the playbook
    expect(calls['ec2:DescribeSecurityGroups']).to.equal(1)
    expect(calls['ec2:DescribeKeyPairs']).to.equal(1)
    expect(calls).to.deep.equal((scale[1] as Scale).calls)
    expect(Object.values(calls).every((count) => count === 1)).to.equal(true)
  })

  it('take processor time in proportion, and little memory', () => {
    const [none, , half, whole] = scale as readonly [Scale, Scale, Scale, Scale]
    const rest = (one: Scale): number => one.cpu - none.cpu
    // twice as many take about twice as long: three times at most, and what the clock's ticks and the collector add
    expect(rest(whole), JSON.stringify(scale)).to.be.lessThan(3 * Math.max(0.2, rest(half)) + 0.5)
    expect(whole.mebibytes).to.be.lessThan(none.mebibytes + 150)
  })
})
