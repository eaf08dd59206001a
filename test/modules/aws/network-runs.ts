import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { module } from '../../../runner/modules/aws/network/module.ts'
import type { Network } from '../../../runner/modules/aws/network/design.ts'
import type { CloudModule } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { networkObjects } from './network-objects.ts'
import type { Virtual } from './virtual.ts'

const network = module as CloudModule

/** What runs do with a network, and how they are cut off. */
export function networkRuns(now: () => Virtual) {
  const there = async (): Promise<readonly string[]> => await networkObjects(await (await now().cloud()).client('ec2'))
  const read = async (want: Values): Promise<Network | undefined> => {
    const cloud = await now().cloud()
    cloud.changed('')
    return (await network.read(want, cloud)) as Network | undefined
  }
  /** What an apply does, whatever it finds; proves that nothing is left to do, nor on its way. */
  const becomes = async (want: Values): Promise<Network> => {
    const cloud = await now().cloud()
    const have = await read(want)
    const change = network.diff(want, have)
    if (change.action !== 'none') await network.apply(change, want, have, cloud)
    const ready = await network.ready(want, (await read(want)) as Network, cloud)
    expect(network.diff(want, ready)).to.deep.equal({ action: 'none', fields: [] })
    const after = (await read(want)) as Network
    expect(network.diff(want, after)).to.deep.equal({ action: 'none', fields: [] })
    expect(after.pending).to.equal(undefined)
    return after
  }
  const goes = async (want: Values): Promise<void> => {
    const have = await read(want)
    if (have) await network.destroy(want, have, await now().cloud())
  }
  /** Ends a run at the first call that is never answered; false: it came to its end before. */
  const cutOff = async (doing: Promise<unknown>): Promise<boolean> => {
    const aws = now()
    const ended = doing.then(
      () => true,
      () => true,
    )
    const stalled = async (): Promise<boolean> => {
      while (aws.lab.troubles.happened()['stalled'] === undefined) await sleep(5)
      return false
    }
    const whole = await Promise.race([ended, stalled()])
    aws.stop()
    // whatever it still tries is too late
    aws.lab.troubles.begin([{ what: 'denied', of: /^ec2:/ }])
    await ended
    aws.lab.troubles.end()
    aws.again()
    return !whole
  }
  return { there, read, becomes, goes, cutOff }
}
