import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

interface File {
  readonly name: string
  readonly text: string
  readonly lines: number
  /** Modules imported for their values, not only for types. */
  readonly imports: readonly string[]
}

const files: readonly File[] = globSync('{runner,app,test,scripts}/**/*.ts', {
  exclude: (name) => name.includes('node_modules'),
})
  .sort()
  .map((name) => {
    const text = readFileSync(name, 'utf8')
    return { name, text, lines: text.split('\n').length - 1, imports: importsOf(text) }
  })

function importsOf(text: string): readonly string[] {
  const found = [...text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)].map(
    (match) => match[1] as string,
  )
  const dynamic = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1] as string)
  return [...found, ...dynamic]
}

function offenders(where: (name: string) => boolean, forbidden: (module: string) => boolean): readonly string[] {
  return files
    .filter((file) => where(file.name))
    .flatMap((file) => file.imports.filter(forbidden).map((module) => `${file.name} imports ${module}`))
}

const pure = (name: string): boolean =>
  name.startsWith('runner/language/') ||
  name.startsWith('runner/plan/') ||
  /^runner\/modules\/.*\/(diff|charges)\.ts$/.test(name) ||
  /^runner\/modules\/(?!aws\/)[^/]+\/.*\.ts$/.test(name) ||
  /^runner\/connections\/(shell|batch)\.ts$/.test(name) ||
  /^runner\/render\/(plan|cost|diagnostic|escape|graph)\.ts$/.test(name)

describe('architecture', () => {
  it('finds the sources', () => {
    expect(files.length).to.be.greaterThan(80)
  })

  it('keeps deciding code free of I/O', () => {
    expect(
      offenders(
        pure,
        (module) =>
          /^node:(fs|net|child_process|process|http|https|dns|os|timers)/.test(module) ||
          module.startsWith('@aws-sdk/') ||
          module === 'ssh2' ||
          module === 'execa',
      ),
    ).to.deep.equal([])
    expect(
      files
        .filter(
          (file) => pure(file.name) && /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(file.text),
        )
        .map((file) => file.name),
    ).to.deep.equal([])
  })

  it('lets only a few files touch AWS, SSH and processes', () => {
    const runner = (name: string): boolean => name.startsWith('runner/')
    const aws = (name: string): boolean =>
      /^runner\/modules\/aws\/(.*\/)?(read|apply)[^/]*\.ts$/.test(name) ||
      /^runner\/connections\/aws[^/]*\.ts$/.test(name)
    expect(
      offenders(
        (name) => runner(name) && !aws(name),
        (module) => module.startsWith('@aws-sdk/'),
      ),
    ).to.deep.equal([])
    expect(
      offenders(
        (name) => runner(name) && !/^runner\/connections\/ssh[^/]*\.ts$/.test(name),
        (module) => module === 'ssh2',
      ),
    ).to.deep.equal([])
    expect(
      offenders(
        (name) => runner(name) && !/^runner\/connections\/(local|capture)\.ts$/.test(name),
        (module) => module === 'execa',
      ),
    ).to.deep.equal([])
  })

  it('reads the environment and ends the process in one place each', () => {
    const product = files.filter((file) => file.name.startsWith('runner/'))
    expect(product.filter((file) => /process\.exit\(/.test(file.text)).map((file) => file.name)).to.deep.equal([
      'runner/main.ts',
    ])
    expect(product.filter((file) => /process\.env\b/.test(file.text)).map((file) => file.name)).to.deep.equal([
      'runner/cli/load.ts',
    ])
    const app = files.filter((file) => file.name.startsWith('app/'))
    expect(app.filter((file) => /process\.env\b/.test(file.text)).map((file) => file.name)).to.deep.equal([
      'app/config.ts',
    ])
    expect(app.filter((file) => /process\.exit\(/.test(file.text)).map((file) => file.name)).to.deep.equal([
      'app/server.ts',
    ])
  })

  it('keeps the bookstore apart from the runner', () => {
    const inside = (module: string): boolean => module.includes('runner/')
    expect(offenders((name) => name.startsWith('app/'), inside)).to.deep.equal([])
    expect(
      offenders(
        (name) => name.startsWith('runner/'),
        (module) => module.includes('/app/'),
      ),
    ).to.deep.equal([])
  })

  it('leaves no hook outside of a suite: it would count for every file that its process runs', () => {
    const tests = files.filter((file) => file.name.endsWith('.test.ts'))
    expect(tests.filter(({ text }) => /^(before|after)(Each)?\(/m.test(text)).map((file) => file.name)).to.deep.equal(
      [],
    )
  })

  it('keeps files small and names telling', () => {
    expect(
      files.filter((file) => file.lines > 250).map((file) => `${file.name} has ${file.lines} lines`),
    ).to.deep.equal([])
    expect(
      files.map((file) => file.name).filter((name) => /(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(name)),
    ).to.deep.equal([])
    expect(files.map((file) => file.name).filter((name) => /[A-Z_]/.test(name))).to.deep.equal([])
  })
})
