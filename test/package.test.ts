import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'

const root = fileURLToPath(new URL('../', import.meta.url))

describe('the npm package', function () {
  this.timeout(300_000)
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'runner-package-'))))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('installs in an empty folder and brings the command `runner`, compiled', async () => {
    const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
    const tarball = stdout.trim().split('\n').at(-1) ?? ''
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], { cwd: folder })
    writeFileSync(
      join(folder, 'site.yml'),
      "- hosts: localhost\n  tasks:\n    - system.debug: { msg: '{{ 1 + 1 }}' }\n",
    )
    const runner = async (...words: readonly string[]) =>
      await execa(process.execPath, [join(folder, 'node_modules', 'runner', 'bin', 'runner.js'), ...words], {
        cwd: folder,
        env: { XDG_STATE_HOME: join(folder, 'state') },
      })
    expect((await runner('validate', 'site.yml')).stdout).to.equal('site.yml: valid')
    expect((await runner('apply', 'site.yml', '--yes')).stdout).to.contain('done')
    expect((await runner('modules', 'aws.security_group')).stdout).to.contain('Example')
  })
})
