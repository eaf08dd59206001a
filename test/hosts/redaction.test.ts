import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { encodings } from '../encodings.ts'
import { startHost, type Host } from '../lab/host.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const canary = `Ca"na'ry $x/ü+=&<w>%`
const simple = 'canary0bird1'

/** Says a text in all the ways that programs do; each in a line of its own, and all without a pause. */
const echo = `
v=$1
printf '%s\\n' "$v"; printf '%s' "$v" | base64; printf 'user:%s' "$v" | base64; printf '%s' "$v" | od -An -tx1 | tr -d ' \\n'; echo
python3 -c 'import sys,json,shlex,urllib.parse as u; v=sys.argv[1] if len(sys.argv)>1 else sys.stdin.read(); print(json.dumps(v), json.dumps(v,ensure_ascii=False), u.quote(v,safe=""), u.quote_plus(v), shlex.quote(v), repr(v), v.encode().hex().upper())' <<EOT
$v
EOT
bash -c 'printf "%q\\n" "$1"' sh "$v"`

const playbook = `
- hosts: web
  become: true
  vars: { secret: !secret env:CANARY, word: !secret env:SIMPLE }
  tasks:
    - name: Copied
      system.copy: { dest: /root/copied, content: "pw={{ secret }}", mode: "0600" }
    - name: Rendered
      system.template: { dest: /root/rendered, src: t.txt }
    - name: In a line
      system.line: { path: /root/line, line: "pw {{ word }}", create: true }
    - name: In a block
      system.block: { path: /root/block, block: "pw {{ secret }}", create: true }
    - name: Password
      system.user: { name: bird, password_hash: "$6$abcdefgh${'$'}{{ word }}" }
    - name: Through stdin
      system.shell: { cmd: 'cat > /root/stdin; wc -c < /root/stdin', stdin: "{{ secret }}" }
    - name: Through the environment
      system.command: { argv: [sh, -c, 'sleep 1; test -n "$PW"'] }
      environment: { PW: "{{ secret }}" }
    - name: Said in all ways
      system.script: { src: echo.sh, stdin: x }
      environment: { BIRD: "{{ secret }}", WORD: "{{ word }}" }
      register: said
    - name: Shown
      system.debug: { msg: "it said {{ said.stdout }}" }
    - name: Kept
      system.copy: { dest: /root/kept, content: "{{ said.stdout }}" }
    - name: Asked
      system.http: { url: "http://127.0.0.1:9/?q={{ word }}", headers: { Authorization: "Bearer {{ word }}" } }
      ignore_errors: true
    - name: Fetched
      system.download: { url: "http://127.0.0.1:9/{{ word }}", dest: /root/fetched, headers: { X: "{{ word }}" } }
      ignore_errors: true
    - name: Cloned
      git.checkout: { repo: "http://me:{{ word }}@127.0.0.1:9/x.git", dest: /root/x }
      ignore_errors: true
    - name: Breaks
      system.shell: { cmd: 'echo "it is $BIRD" >&2; printf %s "$BIRD" | base64 >&2; sleep 1; exit 3' }
      environment: { BIRD: "{{ secret }}" }
`

describe('secrets', function () {
  this.timeout(240_000)
  let host: Host
  let runner: Runner
  before(async () => {
    host = await startHost()
    runner = makeRunner({ CANARY: canary, SIMPLE: simple })
    writeFileSync(
      join(runner.folder, 'hosts.yml'),
      'web: { hosts: { box: { address: b.example.com, user: ubuntu } } }\n',
    )
    writeFileSync(join(runner.folder, 't.txt'), 'pw = {{ secret }}\n')
    writeFileSync(join(runner.folder, 'echo.sh'), `for v in "$BIRD" "$WORD"; do (set -- "$v"${echo}); done\n`)
    writeFileSync(join(runner.folder, 'play.yml'), playbook)
  })
  after(async () => {
    runner?.close()
    await host?.close()
  })
  const words = (): readonly string[] => ['play.yml', '-i', 'hosts.yml', '-F', host.sshConfig]
  const found = (where: string, text: string): readonly string[] =>
    [canary, simple].flatMap((secret) =>
      Object.entries(encodings(secret)).flatMap(([how, form]) => (text.includes(form) ? [`${where}: ${how}`] : [])),
    )
  const journals = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'))

  it('that hosts echo in any form are in no output, no journal, no report, and on no command line', async () => {
    for (const output of ['plain', 'json']) {
      const { stdout, stderr } = await runner.run('plan', '-v', '--diff', '-o', output, ...words())
      expect(found(`plan ${output}`, stdout + stderr)).to.deep.equal([])
      expect(stdout, stderr).to.contain('Copied')
    }
    // what runs on the host, looked at all the while
    await host.exec(
      'touch /tmp/watch; (while [ -e /tmp/watch ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " >>/tmp/seen; done) >/dev/null 2>&1 &',
    )
    const page = ['-o', 'html=report.html'] as const
    const runs = [['-o', 'json'], ['-o', 'plain'], page] as const
    for (const output of runs) {
      const { exit, stdout, stderr } = await runner.run('apply', '--yes', '-v', '--diff', ...output, ...words())
      expect(exit, stderr).to.equal(1)
      expect(found(`apply ${output.join(' ')}`, stdout + stderr)).to.deep.equal([])
      expect(stdout + stderr, stderr).to.contain('[secret]')
    }
    await host.exec('rm /tmp/watch; sleep 1')
    expect(found('report', readFileSync(join(runner.folder, 'report.html'), 'utf8'))).to.deep.equal([])
    const state = journals(join(runner.folder, 'state'))
    expect(found('journal', state.join('\n'))).to.deep.equal([])
    expect(state.join('\n')).to.contain('Said in all ways').and.to.contain('it is [secret]')
  })

  it('were there all the same', async () => {
    const seen = await host.exec('cat /tmp/seen')
    expect(seen).to.contain('sleep 1')
    // python and bash of the test itself are given the words that they print
    expect(found('process list', seen.replaceAll(/(bash|python3) -c [^\n]*/g, ''))).to.deep.equal([])
    expect(await host.exec('cat /root/copied /root/rendered /root/stdin')).to.equal(
      `pw=${canary}pw = ${canary}\n${canary}`,
    )
    const kept = await host.exec('cat /root/kept')
    expect([canary, simple].every((secret) => kept.includes(secret))).to.equal(true)
    expect(found('kept', kept).length).to.be.greaterThan(10)
  })
})
