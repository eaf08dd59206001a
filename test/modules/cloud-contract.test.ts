import { expect } from 'chai'
import { findModule, findUpdates, moduleNames } from '../../runner/modules/find.ts'
import { disruptions } from '../../runner/plan/change.ts'

/** Kinds to which AWS knows no tags: they belong to whom that belongs which they are part of. */
const untagged = ['aws.scaling_policy', 'aws.route53_record']

/** What the engine relies on beside reading, comparing and changing. */
for (const name of moduleNames().filter((one) => one.startsWith('aws.'))) {
  describe(`cloud module ${name}`, () => {
    it('can list what it owns, so that nothing is forgotten', async () => {
      const module = await findModule(name)
      if (module.on !== 'aws' || module.lookup === true) return
      expect(module.owned, 'owned(cloud): see docs/adding-a-module.md').to.be.a('function')
      for (const used of module.uses ?? []) expect(moduleNames()).to.include(used)
      expect(module.uses ?? []).not.to.include(name)
    })

    it('can be taken over, unless it has no tags', async () => {
      const module = await findModule(name)
      if (module.on !== 'aws' || module.lookup === true || untagged.includes(name)) return
      expect(module.tag, 'tag(have, tags, cloud): see docs/adding-a-module.md').to.be.a('function')
    })

    it('says of every argument what changing it does', async () => {
      const module = await findModule(name)
      if (module.on !== 'aws' || module.lookup === true) return
      const updates = module.updates ?? {}
      expect(await findUpdates(name)).to.equal(module.updates)
      const changeable = Object.keys(module.args.properties).filter((argument) => !module.key.includes(argument))
      expect(
        changeable.filter((argument) => !(argument in updates)),
        'updates.ts: see docs/adding-a-module.md',
      ).to.deep.equal([])
      for (const update of Object.values(updates)) {
        if (typeof update === 'string') continue
        expect(disruptions).to.include(update.disruption)
        expect(update.usual).to.be.greaterThan(0)
      }
    })
  })
}
