import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

  it('is run by the Node of its own folder where that of the machine is too old, and else says what it needs', async () => {
    const old = join(folder, 'old')
    mkdirSync(join(old, 'bin'), { recursive: true })
    writeFileSync(join(old, 'package.json'), '{"type":"module"}')
    const text = readFileSync(join(root, 'bin', 'runner.js'), 'utf8')
    // a Node older than the one needed is stood in for by needing one newer than there is
    writeFileSync(join(old, 'bin', 'runner.js'), text.replace('needed = 24', 'needed = 999'))
    const run = async () =>
      await execa(process.execPath, [join(old, 'bin', 'runner.js'), 'plan', 'a b'], { reject: false })
    const refused = await run()
    expect([refused.exitCode, refused.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 4 && said.startsWith('runner needs Node 999 or newer; this is v'),
    )
    mkdirSync(join(old, 'node_modules', 'node', 'bin'), { recursive: true })
    const own = join(old, 'node_modules', 'node', 'bin', 'node')
    writeFileSync(own, '#!/bin/sh\nshift\nprintf "%s," "$@"\nexit 3\n', { mode: 0o755 })
    const passed = await run()
    expect([passed.exitCode, passed.stdout]).to.deep.equal([3, 'plan,a b,'])
    writeFileSync(own, '#!/bin/sh\nkill -TERM $$\n')
    expect((await run()).signal).to.equal('SIGTERM')
  })
})
