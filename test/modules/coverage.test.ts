import { expect } from 'chai'
import { findModule, moduleFolder, moduleNames } from '../../runner/modules/find.ts'
import type { CloudModule } from '../../runner/modules/module.ts'
import type { Change } from '../../runner/plan/change.ts'
import { readCases, readExample, type Case } from './case-file.ts'

/** Whatever can be changed about a thing in the cloud is changed in one of its cases, in place or by another thing. */
for (const name of moduleNames().filter((one) => /^(aws|duckdns)\./.test(one))) {
  describe(`the cases of ${name}`, () => {
    let module: CloudModule
    let cases: readonly Case[]

    before(async () => {
      module = (await findModule(name)) as CloudModule
      cases = readCases(new URL('cases.yml', moduleFolder(name)))
    })

    it('mention every argument', () => {
      const examples = readExample(new URL('example.yml', moduleFolder(name))).filter((task) => task.module === name)
      const named = new Set([...cases, ...examples].flatMap(({ args }) => Object.keys(args)))
      expect(Object.keys(module.args.properties).filter((argument) => !named.has(argument))).to.deep.equal([])
    })

    it('show the change of every argument that can be changed', () => {
      if (module.lookup === true) return
      const compared = new Set<string>()
      const changed = new Set<string>()
      for (const { args, have, failure } of cases) {
        if (failure !== undefined) continue
        // what a new thing is made with is what can differ later
        for (const { path } of module.diff(args, undefined).fields) compared.add(path)
        if (have === null || have === undefined) continue
        const change: Change = module.diff(args, have as never)
        if (change.action === 'update' || change.action === 'replace')
          for (const field of change.fields) if (field.known) changed.add(field.path)
      }
      const missing = [...compared].filter((path) => path in module.args.properties && !changed.has(path))
      expect(missing.filter((path) => !module.key.includes(path))).to.deep.equal([])
    })

    it('begin with nothing there, and with nothing to do', () => {
      if (module.lookup === true) return
      const actions = cases.map((one) => one.action)
      expect(actions).to.include('create')
      expect(actions).to.include('none')
    })
  })
}
