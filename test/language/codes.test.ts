import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

/**
 * Codes that more than one file gives, with the one thing that each means and the folders or files of runner/ that may mean it. Whoever
 * gives a code elsewhere comes by here, and sees whether it means that; else it takes a code of its own.
 */
const shared: Readonly<Record<string, readonly [meaning: string, ...places: string[]]>> = {
  E103: ['an expression that must be quoted, since YAML takes it for a map', 'language/'],
  E109: ['a tag of YAML that the language does not have, or without what belongs to it', 'language/'],
  E111: ['an argument where a key of the task belongs, or the other way round', 'language/'],
  E113: ['a value of another type than the schema has', 'language/'],
  E114: ['a value that is none of those allowed', 'language/'],
  E116: ['a value beyond the bounds of the schema', 'language/'],
  E120: ['a key of a play or task with a value of the wrong kind', 'language/'],
  E204: ['no such file', 'language/'],
  E206: ['a file that imports itself', 'language/'],
  E301: ['an expression that cannot be read', 'language/expression/'],
  E302: ['no such filter', 'language/expression/'],
  E303: ['no such test', 'language/expression/'],
  E304: ['too many, too few or other arguments than a filter or test takes', 'language/expression/'],
  E310: ['a value that is not defined', 'language/'],
  E311: ['no such member or item', 'language/expression/'],
  E312: ['variables that need each other', 'language/'],
  E320: ['types that do not go together', 'language/expression/'],
  E705: [
    'a local file that cannot be read, or changed meanwhile',
    'connections/',
    'engine/arguments.ts',
    'modules/system/sync/',
  ],
  E710: ['a value that is still not known when it is needed', 'engine/'],
  E715: ['what is protected or holds data would be lost', 'engine/'],
  E724: ['a connection that broke', 'connections/', 'engine/persist.ts'],
  E731: ['a host that is still not there', 'engine/'],
  E744: ['a network that cannot be made as it is written', 'modules/aws/network/'],
  E750: ['something that the user of the host may not read', 'modules/docker/', 'modules/system/'],
  E751: ['something of another kind is where this is to be', 'modules/system/'],
  E753: [
    'arguments that do not fit together',
    'engine/prepare.ts',
    'modules/docker/',
    'modules/nfs/',
    'modules/proxy/',
    'modules/system/',
  ],
  E754: ['a host that does not tell what it was asked', 'modules/app/', 'modules/cloud-init/', 'modules/system/'],
  E755: ['a file of the host whose content is not understood', 'modules/docker/login/', 'modules/system/'],
  E756: ['something that must be on the host is not there', 'modules/docker/', 'modules/system/'],
  E770: [
    'a distribution on which this is not done',
    'modules/docker/',
    'modules/nfs/',
    'modules/proxy/',
    'modules/system/',
  ],
  E771: ['no systemd on the host', 'modules/system/'],
  E777: ['a package that this rests on is not on the host', 'modules/system/'],
  E781: ['no task of that name', 'engine/'],
  E786: ['AWS protects it against deletion', 'modules/aws/'],
  E787: ['an object that AWS took on and could not make', 'modules/aws/'],
  E803: ['credentials of AWS that are missing or refused', 'connections/'],
  E903: ['a value of the command line that is none of those allowed', 'cli/'],
  E905: ['no playbook, or too many', 'cli/'],
  E908: ['no terminal to ask at', 'cli/'],
  E909: ['no such run', 'cli/'],
  E904: ['no such file on the command line', 'cli/'],
  E999: ['a fault of the runner itself', 'cli/'],
}

describe('codes of diagnostics', () => {
  const uses = new Map<string, string[]>()
  for (const file of globSync('runner/**/*.ts').toSorted())
    for (const code of new Set(readFileSync(file, 'utf8').match(/(?<=')[EW]\d{3}(?=')/g)))
      uses.set(code, [...(uses.get(code) ?? []), file.replaceAll('\\', '/').slice('runner/'.length)])

  it('are found', () => expect(uses.size).to.be.greaterThan(100))

  it('mean one thing each: one file gives a code, or several of which it is written down what all of them mean', () => {
    const elsewhere = [...uses]
      .filter(([, files]) => files.length > 1)
      .flatMap(([code, files]) => {
        const [, ...places] = shared[code] ?? []
        return files.filter((file) => !places.some((place) => file.startsWith(place))).map((file) => `${code} ${file}`)
      })
    expect(
      elsewhere,
      'does it mean what test/language/codes.test.ts says? If not, take the next free code',
    ).to.deep.equal([])
  })

  it('are written down only as far as several files give them', () => {
    const idle = Object.entries(shared).filter(([code, [, ...places]]) => {
      const files = uses.get(code) ?? []
      return files.length < 2 || places.some((place) => !files.some((file) => file.startsWith(place)))
    })
    expect(idle.map(([code]) => code)).to.deep.equal([])
  })
})
