import { readFileSync } from 'node:fs'
import { expect } from 'chai'

interface Package {
  readonly dependencies: Record<string, string>
  readonly devDependencies: Record<string, string>
}

const read = (path: string): Package =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as Package

describe('the package of the bookstore', () => {
  it('is tested with exactly the versions that it is deployed with', () => {
    const root = read('package.json')
    const all = { ...root.devDependencies, ...root.dependencies }
    const { dependencies } = read('app/package.json')
    expect(Object.keys(dependencies)).to.include('express')
    for (const [name, version] of Object.entries(dependencies)) expect(all[name], name).to.equal(version)
  })

  it('has a lock file of its package.json', () => {
    const lock = JSON.parse(readFileSync(new URL('../../app/package-lock.json', import.meta.url), 'utf8')) as {
      packages: Record<string, Package>
    }
    expect(lock.packages['']?.dependencies).to.deep.equal(read('app/package.json').dependencies)
  })
})
