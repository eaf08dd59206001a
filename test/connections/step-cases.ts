import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import type { Connection, Exec, Script, Step } from '../../runner/connections/connection.ts'
import { Secret } from '../../runner/secret.ts'
import { commandLines, failing } from './watching.ts'

const exec = (...argv: [string, ...string[]]): Exec => ({ kind: 'exec', argv })
const script = (text: string, ...args: (string | Secret)[]): Script => ({ kind: 'script', text, args })

/** Words that a careless shell line would take apart or run. */
export const hostile = [
  '',
  ' ',
  "it's",
  '"quoted"',
  'two\nlines\n',
  '\n',
  '$(touch /tmp/pwned)',
  '`touch /tmp/pwned`',
  '$HOME',
  '-rf',
  '--',
  '!',
  '\\',
  '\\n',
  '*',
  '~',
  '#',
  'a;b',
  'a&b',
  '|',
  'Grüße 日本 🎉',
  '\u0001\u001B[31m',
  '%s %d',
  "''",
  "'\\''",
  'FOO=bar',
  'if',
]

/** What every way to a host has to do alike. */
export function stepCases(open: () => Connection, user: string): void {
  let connection: Connection
  let folder: string
  before(() => {
    connection = open()
    folder = mkdtempSync(join(tmpdir(), 'steps-'))
    chmodSync(folder, 0o777)
  })
  after(async () => {
    await connection[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('passes every word on as it is', async () => {
    const [asProgram, asArgs] = await connection.run([
      exec('printf', '%s|', ...hostile),
      script(String.raw`printf '%s|' "$@"`, ...hostile),
    ])
    const all = hostile.map((word) => `${word}|`).join('')
    expect(asProgram).to.deep.equal({ stdout: all, stderr: '', code: 0 })
    expect(asArgs).to.deep.equal({ stdout: all, stderr: '', code: 0 })
  })

  it('keeps streams, exit codes and steps apart', async () => {
    const outputs = await connection.run([
      script('echo out; echo err >&2; exit 3'),
      exec('true'),
      script('printf "no newline"'),
      script("kill -9 $(exec sh -c 'echo $PPID')"),
      script('if then'),
      exec('no-such-program'),
      exec('FOO=bar', 'x'),
      script('cd /; x=1; set -e; false'),
      script('pwd; echo "${x-unset}"'),
    ])
    expect(outputs.map(({ code }) => code)).to.deep.equal([3, 0, 0, 137, 2, 127, 127, 1, 0])
    expect(outputs[0]).to.deep.include({ stdout: 'out\n', stderr: 'err\n' })
    expect(outputs[2]?.stdout).to.equal('no newline')
    expect(outputs[5]?.stderr).to.contain('no-such-program')
    expect(outputs[8]?.stdout)
      .to.match(/\nunset\n$/)
      .and.not.match(/^\/\n/)
  })

  it('is not misled by bytes that look like frames, nor by bytes that are no text', async () => {
    const frame = `\n${'0'.repeat(32)} 0 0\n\n${'0'.repeat(32)} end 0\n`
    const outputs = await connection.run([
      exec('printf', '%s', frame),
      script(String.raw`printf '\000\377\n'; printf '\377' >&2`),
      exec('echo', 'after'),
    ])
    expect(outputs[0]?.stdout).to.equal(frame)
    expect(outputs[1]).to.deep.equal({ stdout: '\0\uFFFD\n', stderr: '\uFFFD', code: 0 })
    expect(outputs[2]?.stdout).to.equal('after\n')
  })

  it('gives a step its folder, environment and input, and the next one none of it', async () => {
    const step: Step = {
      kind: 'script',
      text: 'pwd; echo "$A"; cat',
      cwd: '/usr',
      env: { A: "it's\nhere" },
      stdin: 'input\n\n',
    }
    const outputs = await connection.run([step, script('echo "${A-unset}"; cat'), { ...exec('true'), cwd: '/no/such' }])
    expect(outputs[0]?.stdout).to.equal("/usr\nit's\nhere\ninput\n\n")
    expect(outputs[1]?.stdout).to.equal('unset\n')
    expect(outputs[2]?.code).to.equal(126)
  })

  it('takes 1 MB of input and gives 5 MB back', async () => {
    const megabyte = 'Ärger\n'.repeat(150_000)
    const [counted, big] = await connection.run([
      { ...exec('cat'), stdin: megabyte },
      script('head -c 5000000 /dev/zero | tr "\\0" x'),
    ])
    expect(counted?.stdout === megabyte).to.equal(true)
    expect(big?.stdout.length).to.equal(5_000_000)
  })

  it('does not mind input that nobody reads', async () => {
    const [output] = await connection.run([{ ...exec('true'), stdin: 'x'.repeat(1_000_000) }])
    expect(output).to.deep.equal({ stdout: '', stderr: '', code: 0 })
  })

  it('stops at the first failure when it is told to', async () => {
    const steps = [exec('true'), exec('false'), exec('true')]
    expect((await connection.run(steps, { stopOnFailure: true })).map(({ code }) => code)).to.deep.equal([0, 1])
    expect((await connection.run(steps)).map(({ code }) => code)).to.deep.equal([0, 1, 0])
  })

  it('shows output as it comes', async () => {
    const seen: string[] = []
    let first: number | undefined
    await connection.run([exec('true'), script('printf first; sleep 1; echo second >&2; printf "ü"')], {
      onOutput: (index, stream, text) => {
        first ??= Date.now()
        seen.push(`${index} ${stream} ${text}`)
      },
    })
    expect(Date.now() - (first ?? Date.now())).to.be.greaterThan(500)
    expect(
      seen
        .filter((text) => text.includes('stdout'))
        .map((text) => text.slice(9))
        .join(''),
    ).to.equal('firstü')
    expect(
      seen
        .filter((text) => text.includes('stderr'))
        .map((text) => text.slice(9))
        .join(''),
    ).to.equal('second\n')
    expect(seen.every((text) => text.startsWith('1 '))).to.equal(true)
  })

  it('answers many batches in their order', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await connection.run([exec('echo', String(index))]))[0]?.stdout),
    )
    expect(all).to.deep.equal(Array.from({ length: 20 }, (_, index) => `${index}\n`))
  })

  it('ends everything of a step whose time is over, and goes on', async () => {
    const mark = `${31_000_000 + Math.floor(Math.random() * 1_000_000)}`
    const started = Date.now()
    const error = await failing(connection.run([script(`sleep ${mark} & sleep ${mark}; echo never`)], { timeout: 1 }))
    expect(error).to.include({ code: 'E725', passing: false })
    expect(Date.now() - started).to.be.lessThan(6000)
    expect(commandLines().filter((text) => text.includes(`sleep\0${mark}`))).to.deep.equal([])
    expect((await connection.run([exec('echo', 'alive')]))[0]?.stdout).to.equal('alive\n')
  })

  it('ends everything of a step when the run is cut', async () => {
    const mark = `${32_000_000 + Math.floor(Math.random() * 1_000_000)}`
    const controller = new AbortController()
    const running = failing(connection.run([script(`sleep ${mark} & sleep ${mark}`)], { signal: controller.signal }))
    await wait(500)
    expect(commandLines().some((text) => text.includes(`sleep\0${mark}`))).to.equal(true)
    controller.abort(new Error('stopped by the user'))
    expect(await running).to.have.property('message', 'stopped by the user')
    expect(commandLines().filter((text) => text.includes(`sleep\0${mark}`))).to.deep.equal([])
    expect((await connection.run([exec('echo', 'alive')]))[0]?.stdout).to.equal('alive\n')
  })

  it('shows secrets on no command line', async () => {
    const secret = new Secret(`geheim-${Math.random()}`)
    const running = connection.run([
      { ...script('read -r line; sleep 1; printf "%s" "$line" "$1" | wc -c', secret), stdin: secret },
      { kind: 'upload', path: join(folder, 'secret'), content: secret, mode: '0600' },
    ])
    const seen: string[] = []
    for (let round = 0; round < 10; round += 1) {
      seen.push(...commandLines().filter((text) => text.includes(secret.reveal())))
      await wait(100)
    }
    expect((await running).map(({ code }) => code)).to.deep.equal([0, 0])
    expect(seen).to.deep.equal([])
    expect(readFileSync(join(folder, 'secret'), 'utf8')).to.equal(secret.reveal())
  })

  it('puts files in place with mode and bytes as given, and keeps the mode of the one before', async () => {
    const path = join(folder, "it's a $(file)")
    const bytes = Buffer.from([0, 255, 10, 10])
    expect(await connection.run([{ kind: 'upload', path, content: bytes, mode: '0640', owner: user }])).to.deep.equal([
      { stdout: '', stderr: '', code: 0 },
    ])
    expect(readFileSync(path)).to.deep.equal(bytes)
    expect(statSync(path).mode & 0o7777).to.equal(0o640)
    const inode = statSync(path).ino
    await connection.run([{ kind: 'upload', path, content: 'new\n\n' }])
    expect(readFileSync(path, 'utf8')).to.equal('new\n\n')
    expect(statSync(path).mode & 0o7777).to.equal(0o640)
    expect(statSync(path).ino).to.not.equal(inode)
    await connection.run([{ kind: 'upload', path: join(folder, 'plain'), content: '' }])
    expect(statSync(join(folder, 'plain')).mode & 0o7777).to.equal(0o644)
  })

  it('leaves the old file when the new one is not valid, and nothing beside it', async () => {
    const path = join(folder, 'checked')
    writeFileSync(path, 'old')
    chmodSync(path, 0o666)
    const validate = ['grep', '-q', 'good', '%s'] as const
    const [bad] = await connection.run([{ kind: 'upload', path, content: 'bad', validate }])
    expect(bad?.code).to.equal(1)
    expect(readFileSync(path, 'utf8')).to.equal('old')
    const [good, directory] = await connection.run([
      { kind: 'upload', path, content: 'good', validate },
      { kind: 'upload', path: folder, content: 'x' },
    ])
    expect(good?.code).to.equal(0)
    expect(readFileSync(path, 'utf8')).to.equal('good')
    expect(directory?.code).to.not.equal(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('.runner.'))).to.deep.equal([])
  })
}
