import { expect } from 'chai'
import { findModule, moduleNames } from '../../runner/modules/find.ts'

/** What the engine relies on beside reading, comparing and changing. */
for (const name of moduleNames().filter((one) => one.startsWith('aws.'))) {
  describe(`cloud module ${name}`, () => {
    it('can list what it owns, so that nothing is forgotten', async () => {
      const module = await findModule(name)
      if (module.on !== 'aws' || module.lookup) return
      expect(module.owned, 'owned(cloud): see docs/adding-a-module.md').to.be.a('function')
      for (const used of module.uses ?? []) expect(moduleNames()).to.include(used)
      expect(module.uses ?? []).not.to.include(name)
    })
  })
}
