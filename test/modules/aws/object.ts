import { expect } from 'chai'
import type { Cloud } from '../../../runner/connections/cloud.ts'
import { findModule } from '../../../runner/modules/find.ts'
import type { CloudModule, Found } from '../../../runner/modules/module.ts'
import type { Action } from '../../../runner/plan/change.ts'
import type { Values } from '../../../runner/plan/unknown.ts'

/** What can be done with the object of a task. Each step proves by another plan that nothing is left to do. */
export interface Made {
  /** Brings another wish about as far as AWS accepts it; what is returned waits until it is so. */
  accept(next: Values, action: Action): Promise<() => Promise<void>>
  becomes(next: Values, action: Action): Promise<void>
  /** What somebody did behind its back is seen, in just these fields, and put back. */
  putsBack(...paths: readonly string[]): Promise<void>
  outputs(): Promise<Values>
  goes(): Promise<void>
  readonly cloud: Cloud
}

export async function moduleOf(name: string): Promise<CloudModule> {
  return (await findModule(name)) as CloudModule
}

/** Creates the object of a task as the engine does. */
export async function makeObject(clouds: (task: string) => Promise<Cloud>, name: string, first: Values): Promise<Made> {
  const module = await moduleOf(name)
  const cloud = await clouds(`${name} of ${String(first['name'])}`)
  let want = first
  const read = async (): Promise<Found> => {
    const have = (await module.read(want, cloud)) as Found | undefined
    if (!have) throw new Error(`${name} is not there`)
    return have
  }
  const settled = async (): Promise<void> => {
    const now = await module.ready(want, await read(), cloud)
    if (now.tags) expect(now.tags).to.include(cloud.tags)
    expect(module.diff(want, now)).to.deep.equal({ action: 'none', fields: [] })
    cloud.changed('')
    expect(module.diff(want, await read())).to.deep.equal({ action: 'none', fields: [] })
  }
  const accept = async (next: Values, action: Action) => {
    const have = (await module.read(next, cloud)) as Found | undefined
    const change = module.diff(next, have)
    expect(change.action, JSON.stringify(change.fields)).to.equal(action)
    await module.apply(change, next, have, cloud)
    want = next
    return settled
  }
  const made: Made = {
    cloud,
    accept,
    becomes: async (next, action) => await (await accept(next, action))(),
    async putsBack(...paths) {
      cloud.changed('')
      const change = module.diff(want, await read())
      expect(change.fields.map((field) => field.path)).to.deep.equal(paths)
      await (
        await accept(want, 'update')
      )()
    },
    outputs: async () => module.returned(await read()),
    async goes() {
      const { id, tags } = await read()
      cloud.changed('')
      // what AWS gives no tags cannot be told from a stranger's
      if (tags) expect(await ownedIds(module, cloud)).to.include(id)
      await module.destroy(want, await read(), cloud)
      cloud.changed('')
      expect(await module.read(want, cloud)).to.equal(undefined)
      expect(await ownedIds(module, cloud)).to.not.include(id)
    },
  }
  await made.becomes(want, 'create')
  return made
}

/** As the engine looks for what nobody wants any more. */
async function ownedIds(module: CloudModule, cloud: Cloud): Promise<readonly string[]> {
  const wants = (await module.owned?.(cloud)) ?? []
  const found = await Promise.all(wants.map(async (want) => (await module.read(want, cloud)) as Found | undefined))
  return found.flatMap((one) => (one?.tags?.['runner:playbook'] === cloud.playbook ? [one.id] : []))
}

export async function failureOf(doing: Promise<unknown>): Promise<Error> {
  return await doing.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  )
}
