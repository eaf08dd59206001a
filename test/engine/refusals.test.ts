import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { execa } from 'execa'
import { widthOf } from '../../runner/render/escape.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const program = fileURLToPath(new URL('../../bin/runner.js', import.meta.url))

/** What goes wrong outside the playbook: a clear error, the right exit code, no stack trace. */
describe('bad surroundings', function () {
  this.timeout(120_000)
  let emulator: Emulator
  let runner: Runner
  const cloud = `
- hosts: localhost
  aws: { region: us-east-1 }
  tasks:
    - name: Key
      aws.key_pair: { name: k, public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKdSLKGpLMoU4AcH792OCuoHGLZUNO7jSyTQiyHzScMv me }
`

  before(async () => (emulator = await startEmulator()))
  after(() => emulator.close())
  afterEach(() => runner.close())

  const planned = async (env: Readonly<Record<string, string>>, text: string, ...words: readonly string[]) => {
    runner = makeRunner({ ...emulator.env, ...env })
    writeFileSync(join(runner.folder, 'play.yml'), text)
    writeFileSync(join(runner.folder, 'hosts.yml'), 'web: { hosts: { a: { address: 127.0.0.1, port: 1 } } }\n')
    const outcome = await runner.run('plan', 'play.yml', '-i', 'hosts.yml', ...words)
    expect(outcome.stderr).to.not.match(/^\s+at /m)
    return outcome
  }

  it('no credentials', async () => {
    const { exit, stderr } = await planned(
      {
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        HOME: '/nonexistent',
      },
      cloud,
    )
    expect([exit, stderr.includes('E801'), stderr.includes('AWS_PROFILE')]).to.deep.equal([1, true, true])
  })

  it('an endpoint that is down', async () => {
    const { exit, stderr } = await planned({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, cloud)
    expect([exit, stderr.includes('E805')]).to.deep.equal([1, true])
  })

  it('credentials that have expired, said once for all that AWS was asked', async () => {
    // what EC2 answers to an old session token (the SDK's name for it is the code)
    const answer = `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></Errors><RequestID>1</RequestID></Response>`
    const server = createServer((_request, response) =>
      response.writeHead(400, { 'content-type': 'text/xml' }).end(answer),
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    try {
      const { port } = server.address() as AddressInfo
      const two = `${cloud}    - name: Access
      aws.security_group: { name: web, description: Web, vpc: vpc-1 }
`
      const { exit, stderr } = await planned({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }, two)
      expect(exit).to.equal(1)
      expect(stderr).to.contain('E802').and.to.contain('aws sso login')
      expect(stderr.match(/^error\[/gm)).to.have.length(1)
      const applied = await runner.run('apply', '--yes', 'play.yml')
      expect([applied.exit, applied.stderr.includes('E802')]).to.deep.equal([1, true])
      expect(applied.stdout).to.contain('nothing was changed')
    } finally {
      server.close()
    }
  })

  it('a region that there is not, by its name', async () => {
    const { exit, stderr } = await planned(
      { AWS_ENDPOINT_URL: '', AWS_MAX_ATTEMPTS: '1' },
      cloud.replace('us-east-1', 'xx-nowhere-9'),
    )
    expect([exit, stderr.includes('E805'), stderr.includes('xx-nowhere-9')], stderr).to.deep.equal([1, true, true])
  })

  it('a host that cannot be reached', async () => {
    const { exit, stderr } = await planned(
      {},
      '- hosts: web\n  tasks:\n    - name: F\n      system.file: { path: /tmp/x, state: directory }\n',
    )
    expect([exit, stderr.includes('E720'), stderr.includes('refuses the connection')]).to.deep.equal([1, true, true])
  })

  it('an object of the same name that is somebody else’s', async () => {
    runner = makeRunner(emulator.env)
    writeFileSync(join(runner.folder, 'play.yml'), cloud)
    mkdirSync(join(runner.folder, 'other'))
    writeFileSync(join(runner.folder, 'other', 'theirs.yml'), cloud)
    expect((await runner.run('apply', 'other/theirs.yml', '--yes')).exit).to.equal(0)
    const { exit, stderr } = await runner.run('plan', 'play.yml')
    expect([exit, stderr.includes('E714'), stderr.includes('theirs')]).to.deep.equal([1, true, true])
    expect((await runner.run('destroy', 'other/theirs.yml', '--yes')).exit).to.equal(0)
  })

  it('what cannot be written: the plan, a report, the state; a record that breaks off does not end the run', async () => {
    runner = makeRunner(emulator.env)
    writeFileSync(
      join(runner.folder, 'play.yml'),
      '- { hosts: localhost, tasks: [{ name: File, system.copy: { dest: "{{ playbook_dir }}/made", content: x } }] }\n',
    )
    for (const words of [
      ['plan', '--out', 'not/there.json'],
      ['plan', '--out', '.'],
      ['plan', '-o', 'html=not/there.html'],
      ['apply', '--yes', '-o', 'html=not/there.html'],
    ]) {
      const { exit, stdout, stderr } = await runner.run(...words, 'play.yml')
      expect([exit, stdout], words.join(' ')).to.deep.equal([4, ''])
      expect(stderr).to.contain('E914')
    }
    const small = await execa(
      'sh',
      // files of at most 512 bytes (of 1024 in some shells)
      ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, program, 'apply', '--yes', 'play.yml', '-o', 'json'],
      { cwd: runner.folder, env: { XDG_STATE_HOME: join(runner.folder, 'state') }, reject: false },
    )
    expect(small.exitCode, small.stderr).to.equal(0)
    const events = small.stdout.split('\n').map((line) => JSON.parse(line) as { type: string; text?: string })
    expect(events.map(({ text }) => text).join('')).to.contain('not recorded from here on')
    expect([events.at(-1)?.type, readFileSync(join(runner.folder, 'made'), 'utf8')]).to.deep.equal(['run.done', 'x'])
    rmSync(join(runner.folder, 'state'), { recursive: true })
    writeFileSync(join(runner.folder, 'state'), '')
    const { exit, stderr } = await runner.run('apply', '--yes', 'play.yml')
    expect([exit, stderr.includes('E914'), stderr.includes('XDG_STATE_HOME')]).to.deep.equal([4, true, true])
  })

  it('a saved plan that was edited, is not there, or is given what it was not made with; whatever it is called', async () => {
    runner = makeRunner(emulator.env)
    writeFileSync(
      join(runner.folder, 'play.yml'),
      '- { hosts: localhost, vars: { v: one }, tasks: [{ name: File, system.copy: { dest: "{{ playbook_dir }}/made", content: "{{ v }}" } }] }\n',
    )
    expect((await runner.run('plan', 'play.yml', '--out', 'kept', '-e', 'v=two')).exit).to.equal(0)
    const other = await runner.run('apply', 'kept', '-e', 'v=three')
    expect([other.exit, other.stderr.includes('E906'), other.stderr.includes('-e')]).to.deep.equal([4, true, true])
    const text = readFileSync(join(runner.folder, 'kept'), 'utf8')
    writeFileSync(join(runner.folder, 'kept'), text.replace('"after": "two"', '"after": "four"'))
    const edited = await runner.run('apply', 'kept')
    expect([edited.exit, edited.stderr.includes('it was edited: File')], edited.stderr).to.deep.equal([4, true])
    writeFileSync(join(runner.folder, 'kept'), text)
    expect((await runner.run('apply', 'kept', '-e', 'v=two')).exit).to.equal(0)
    expect(readFileSync(join(runner.folder, 'made'), 'utf8')).to.equal('two')
    // what is not as the playbook makes it is not taken away, and that is said
    const left = await runner.run('destroy', '--yes', 'play.yml')
    expect([left.exit, left.stdout.includes('Left, since it is not what the playbook makes: File')]).to.deep.equal([
      0,
      true,
    ])
    const nowhere = await runner.run('apply', 'nowhere.json')
    expect([nowhere.exit, nowhere.stderr.includes('E904')]).to.deep.equal([4, true])
  })

  it('options that are wrong are said as JSON, too, where that is asked for', async () => {
    runner = makeRunner(emulator.env)
    const { exit, stdout } = await runner.run('plan', '--offfline', '-o', 'json', 'play.yml')
    expect([exit, (JSON.parse(stdout) as { code: string }[]).map(({ code }) => code)]).to.deep.equal([4, ['E902']])
    const applied = await runner.run('apply', '--yess', '--output=json', 'play.yml')
    expect((JSON.parse(applied.stdout.split('\n').at(-1) ?? '') as { type: string }).type).to.equal('run.done')
  })

  it('a terminal of 20 columns, and a reader that goes away', async () => {
    const { exit, stdout } = await planned({ COLUMNS: '20' }, cloud, '--offline')
    expect([exit, stdout.includes('Key'), stdout.includes('1 to create')]).to.deep.equal([0, true, true])
    for (const line of stdout.split('\n')) expect(widthOf(line), line).to.be.at.most(20)
    const { stdout: done } = await runner.run('apply', '--yes', 'play.yml', '-i', 'hosts.yml')
    for (const line of done.split('\n')) expect(widthOf(line), line).to.be.at.most(40)
    expect((await runner.run('destroy', '--yes', 'play.yml', '-i', 'hosts.yml')).exit).to.equal(0)
    const { stdout: first, exitCode } = await execa({
      shell: true,
      cwd: runner.folder,
      env: { ...emulator.env, COLUMNS: '80' },
    })`${process.execPath} ${new URL('../../bin/runner.js', import.meta.url).pathname} plan play.yml --offline | head -n 1`
    expect([exitCode, first !== '']).to.deep.equal([0, true])
    // one that is gone before the first word
    const words = [join(runner.folder, 'said'), process.execPath, program, '--help']
    await execa('sh', ['-c', '(sleep 1; "$@" 2>"$0") | true', ...words])
    expect(readFileSync(join(runner.folder, 'said'), 'utf8')).to.equal('')
  })
})
