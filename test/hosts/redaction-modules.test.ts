import { globSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { parseAllDocuments } from 'yaml'
import { findModule, moduleNames } from '../../runner/modules/find.ts'
import type { HostModule } from '../../runner/modules/module.ts'
import { encodings } from '../encodings.ts'
import { startHost, type Host } from '../lab/host.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const canary = 'canary0bird1'
/** These install much or wait for what the lab's network does not have: they come last, and are cut. */
const late: readonly string[] = ['nfs.mount', 'docker.engine', 'system.swap', 'proxy.site']
/** This one has no argument that could be secret, and would take the host away: only planned, with one around it. */
const planned = '{ system.reboot: { needed: always }, environment: { BIRD: "{{ canary }}" } }'

/** Arguments of an example with the secret in one place, for each place that may hold one. */
function variants(value: unknown, skip: (key: string) => boolean, top = true): readonly unknown[] {
  if (typeof value === 'string') return ['{{ canary }}']
  if (Array.isArray(value))
    return value.flatMap((item, at) => variants(item, skip, false).map((one) => value.with(at, one)))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    top && skip(key) ? [] : variants(item, skip, false).map((one) => ({ ...value, [key]: one })),
  )
}

interface Task {
  readonly module: string
  readonly text: string
}

async function tasks(): Promise<readonly Task[]> {
  const found = new Map<string, Task>()
  for (const name of moduleNames().filter((one) => !one.startsWith('aws.'))) {
    const module = await findModule(name)
    if (module.on !== 'host') continue
    const properties = (module as HostModule).args.properties
    const skip = (key: string): boolean => {
      const schema = properties[key] as Readonly<Record<string, unknown>> | undefined
      return module.key.includes(key) || !schema || 'x-reads' in schema || 'enum' in schema || 'const' in schema
    }
    const file = globSync(`runner/modules/${name.replace('.', '/').replaceAll('_', '-')}/example.yml`, {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
    })[0]
    for (const document of parseAllDocuments(
      readFileSync(join(fileURLToPath(new URL('../../', import.meta.url)), file ?? ''), 'utf8'),
    ))
      for (const task of (document.toJS() ?? []) as readonly Readonly<Record<string, unknown>>[])
        for (const args of variants(task[name], skip)) {
          const text = JSON.stringify(args).replaceAll(/\{\{(?! canary)[^}]*\}\}/g, 'something')
          const reads = Object.keys(args as object).some((name) => 'x-reads' in (properties[name] ?? {}))
          if (!reads && !text.includes('"files/'))
            found.set(`${name} ${text}`, { module: name, text: `{ ${JSON.stringify(name)}: ${text} }` })
        }
  }
  return [...found.values(), { module: 'system.reboot', text: planned }]
}

describe('a secret in any argument of any module of hosts', function () {
  this.timeout(20 * 60_000)
  let host: Host
  let runner: Runner
  before(async () => {
    host = await startHost()
    await host.exec('echo "MaxStartups 200" > /etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh')
    runner = makeRunner({ CANARY: canary })
  })
  after(async () => {
    runner?.close()
    await host?.close()
  })

  it('shows in no plan, output, journal or error, and on no command line', async () => {
    const list = await tasks()
    expect(list.length).to.be.greaterThan(60)
    const hosts = list.map((_, index) => `h${index}: { address: h${index}.example.com, user: ubuntu }`)
    writeFileSync(join(runner.folder, 'hosts.yml'), `web:\n  hosts:\n${hosts.map((one) => `    ${one}\n`).join('')}`)
    const written = list.map(
      ({ text }, index) =>
        `    - ${text.slice(0, -2)}, when: "inventory_hostname == 'h${index}'", name: T${index}, timeout: 10 }\n`,
    )
    writeFileSync(
      join(runner.folder, 'play.yml'),
      `- hosts: web\n  become: true\n  vars: { canary: !secret env:CANARY }\n  tasks:\n${written.join('')}`,
    )
    await host.exec(
      'touch /tmp/watch; (while [ -e /tmp/watch ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " >>/tmp/seen; sleep 0.02; done) >/dev/null 2>&1 &',
    )
    const words = ['play.yml', '-i', 'hosts.yml', '-F', host.sshConfig, '--forks', '6']
    const planned = await runner.run('plan', '-o', 'json', ...words)
    if (!planned.stdout.startsWith('{')) throw new Error(planned.stderr.slice(0, 4000))
    const plan = JSON.parse(planned.stdout) as { entries: readonly { where: string; action: string }[] }
    const good = plan.entries.filter(({ action }) => action !== 'unknown').map(({ where }) => where)
    expect(good.length, planned.stderr).to.be.greaterThan(30)
    const moduleOf = (where: string): string => list[Number(where.slice(1))]?.module ?? ''
    const apply = async (...more: readonly string[]): ReturnType<Runner['run']> =>
      await runner.run('apply', '--yes', '-v', '--diff', ...words, ...more)
    const first = good.filter((where) => ![...late, 'system.reboot'].includes(moduleOf(where)))
    const rest = good.filter((where) => late.includes(moduleOf(where)))
    // what refuses a secret is in the plan's errors
    for (const name of late) expect(list.map(({ module }) => module)).to.include(name)
    expect(good.map(moduleOf)).to.include.members(['system.reboot', 'docker.engine', 'proxy.site', 'system.wait_for'])
    const page = await runner.run('plan', '--diff', '-o', 'html=plan.html', ...words)
    const applied = await apply('-o', 'plain', '--limit', first.join(':'))
    const [{ run = '' } = {}] = JSON.parse((await runner.run('runs', '-o', 'json')).stdout) as { run: string }[]
    await runner.run('runs', run, '--diff', '-o', 'html=first.html')
    const last = await apply('-o', 'html=last.html', '--limit', rest.join(':'))
    await host.exec('rm -f /tmp/watch')
    const pages = ['plan', 'first', 'last'].map((name) => readFileSync(join(runner.folder, `${name}.html`), 'utf8'))
    for (const text of pages) expect(text).to.contain('T0')
    const state = readdirSync(join(runner.folder, 'state'), { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'))
    const sinks = {
      plan: planned.stdout + planned.stderr,
      apply: [applied, last, page].map(({ stdout, stderr }) => stdout + stderr).join('\n'),
      pages: pages.join('\n'),
      journal: state.join('\n'),
      processes: await host.exec('cat /tmp/seen'),
    }
    for (const [sink, text] of Object.entries(sinks))
      for (const [how, form] of Object.entries(encodings(canary))) {
        const at = text.indexOf(form)
        expect(at === -1 ? '' : text.slice(Math.max(0, at - 200), at + 100), `${sink}, ${how}`).to.equal('')
      }
    expect(applied.stdout).to.contain('changed')
  })
})
