import { expect } from 'chai'
import { findModule, moduleFolder, moduleNames } from '../../runner/modules/find.ts'
import type { CloudModule, Found } from '../../runner/modules/module.ts'
import { canonical, type Change } from '../../runner/plan/change.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { readCases, readExample, type Case } from './case-file.ts'

/** Situations that a kind does not know, and why. */
const unknownTo: Readonly<Record<'normal form' | 'half made' | 'not ours', Readonly<Record<string, string>>>> = {
  'normal form': {
    'aws.elastic_ip': 'what is compared is an id, which AWS gives back as it got it',
    'aws.scaling_policy': 'what is compared are numbers and a truth',
  },
  'half made': {
    'aws.db_subnet_group': 'one call makes all of it',
    'aws.key_pair': 'one call makes all of it',
    'aws.launch_template': 'one call makes a version, and the newest counts',
    'aws.route53_record': 'one call makes all of it',
    'aws.scaling_policy': 'one call makes all of it',
  },
  'not ours': {
    'aws.route53_record': 'AWS gives it no tags',
    'aws.scaling_policy': 'AWS gives it no tags',
    'duckdns.record': 'it has no tags',
  },
}

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

    it('show of every argument and part that updates.ts names what changing it does', () => {
      if (module.lookup === true) return
      const changed = new Map<string, Set<string>>()
      const given = new Set<string>()
      for (const { args, have, failure } of cases) {
        if (failure !== undefined || have === null || have === undefined) continue
        const { action, fields } = module.diff(args, have as never)
        if (action !== 'update' && action !== 'replace') continue
        for (const argument of Object.keys(args)) given.add(argument)
        for (const { path, known, forces } of fields)
          if (known) changed.set(path, (changed.get(path) ?? new Set()).add(forces ?? 'in place'))
      }
      for (const [path, update] of Object.entries(module.updates ?? {})) {
        if (typeof update === 'string') continue
        // some show as another path: the zones of a network as its subnets
        expect(changed.has(path) || given.has(path), `a case that changes ${path}`).to.equal(true)
        if (changed.has(path) && /^(replace|data_loss)$/.test(update.disruption))
          expect([...(changed.get(path) ?? [])], `a case that replaces it for ${path}`).to.include('replace')
      }
    })

    it('show what AWS makes of it, what an interrupted run leaves, and what is not ours', () => {
      if (module.lookup === true) return
      const lacks = (kind: keyof typeof unknownTo): boolean => unknownTo[kind][name] !== undefined
      const asAws = cases.filter(({ shows }) => shows === 'normal form')
      expect(asAws.length > 0, 'a case that shows: normal form').to.equal(!lacks('normal form'))
      for (const { args, have } of asAws) {
        expect(module.diff(args, have as never).action).to.equal('none')
        const there = new Set(Object.values(have as Values).map((value) => canonical(value)))
        const another = Object.values(args).filter((value) => !there.has(canonical(value)))
        expect(another.length, 'what is wanted and what is there are written in the same way').to.be.greaterThan(0)
      }
      const half = cases.filter(
        ({ shows, have }) => shows === 'half made' || (have as Found | null | undefined)?.pending !== undefined,
      )
      expect(half.length > 0, 'a case with something pending, or that shows: half made').to.equal(!lacks('half made'))
      for (const { args, have, shows } of half)
        if (shows !== undefined) expect(module.diff(args, have as never).action).to.equal('update')
      const foreign = cases.some(({ failure }) => failure === 'E714')
      expect(foreign, 'a case of another playbook’s object, that fails with E714').to.equal(!lacks('not ours'))
    })

    it('begin with nothing there, and with nothing to do', () => {
      if (module.lookup === true) return
      const actions = cases.map((one) => one.action)
      expect(actions).to.include('create')
      expect(actions).to.include('none')
    })
  })
}
