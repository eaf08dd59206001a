import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeAws } from '../../runner/connections/aws.ts'
import { openSession } from '../../runner/cli/session.ts'
import { parseOptions } from '../../runner/cli/options.ts'
import { makeTerminal } from '../../runner/cli/terminal.ts'
import type { Graph } from '../../runner/engine/graph.ts'
import { applyRun, planRun, type Request } from '../../runner/engine/run.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { cloudPart, writePlaybook } from '../lab/cloud-part.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A second of AWS's lasts so many milliseconds here. */
const second = 80

/** Seconds that AWS takes here for what a module makes; on the host each task sleeps. */
const takes: Readonly<Record<string, number>> = {
  'Database cluster': 600,
  'Shared files': 100,
  'Load balancer': 180,
  'Template host': 120,
  'Application image': 200,
  'Scaling group': 60,
  Settings: 20,
}
const hostTask = 40

/** The mission's plays, with a short play in the place of the long one on the host; this machine stands in for the host. */
const hostPlay = `- name: Application template
  hosts: template
  connection: local
  vars_files: [objective2/vars.yml]
  tasks:
    - name: Packages
      system.command: { cmd: sleep ${(hostTask * second) / 1000} }
    - name: Docker
      system.command: { cmd: sleep ${(hostTask * second) / 1000} }
    - name: Settings
      system.command: { cmd: "sleep ${(20 * second) / 1000} {{ '' if db.endpoint else '0' }}" }
`

describe('the time that the mission takes', function () {
  this.timeout(10 * 60_000)
  let emulator: Emulator
  let runner: Runner
  let words: readonly string[]
  before(async () => {
    emulator = await startEmulator({ now: () => (Date.now() / second) * 1000 })
    runner = makeRunner(emulator.env)
    const cloud = readFileSync(join(runner.folder, cloudPart(runner)), 'utf8')
    const third = cloud.indexOf('- name: Image, launch template and scaling')
    const file = writePlaybook(runner, 'timed.yml', `${cloud.slice(0, third)}${hostPlay}\n${cloud.slice(third)}`)
    words = [join(runner.folder, file), '-i', join(runner.folder, 'inventory/lab.yml')]
    const seconds = (name: string): number => (takes[name] ?? 0) * 1000
    emulator.courses.set('database', { ms: seconds('Database cluster') })
    emulator.courses.set('file system', { ms: 10_000 })
    emulator.courses.set('mount target', { ms: seconds('Shared files') - 10_000 })
    emulator.courses.set('load balancer', { ms: seconds('Load balancer') })
    emulator.courses.set('instance', { ms: 30_000 })
    emulator.courses.set('status checks', { ms: seconds('Template host') })
    emulator.courses.set('image', { ms: seconds('Application image') })
    emulator.courses.set('scaling group', { ms: seconds('Scaling group') })
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  /** The longest way through the graph with our durations in the place of the usual ones. */
  function longest({ nodes, edges }: Graph): number {
    const begins = new Map<string, number>()
    const own = new Map(
      nodes.map(({ id, label, where }) => [id, takes[label] ?? (where === 'bookstore-template' ? hostTask : 0)]),
    )
    for (const { id } of nodes) {
      const waits = edges.flatMap(([from, to, accepted]) =>
        to === id ? [(begins.get(from) ?? 0) + (accepted ? 0 : (own.get(from) ?? 0))] : [],
      )
      begins.set(id, Math.max(0, ...waits))
    }
    return Math.max(...nodes.map(({ id }) => (begins.get(id) ?? 0) + (own.get(id) ?? 0)))
  }

  /** The runner's engine in this process, on a clock that runs as AWS's does here. */
  async function timedApply(): Promise<{
    readonly seconds: number
    readonly spans: ReadonlyMap<string, [number, number]>
  }> {
    Object.assign(process.env, emulator.env, { XDG_STATE_HOME: join(runner.folder, 'state') })
    const options = parseOptions(['apply', '--yes', '-o', 'json', ...words])
    const signals = { stop: new AbortController().signal, cut: new AbortController().signal }
    const quiet = { ...makeTerminal(options), out: () => undefined, error: () => undefined }
    await using session = await openSession('plan', options, quiet, signals)
    const clock = (): number => (Date.now() / second) * 1000
    const slowly = async (milliseconds: number): Promise<void> => await sleep((milliseconds / 1000) * second)
    const aws = makeAws({
      playbook: 'timed',
      concurrency: 16,
      signal: signals.stop,
      sleep: slowly,
      clock,
      wanted: () => [],
    })
    const spans = new Map<string, [number, number]>()
    const began = clock()
    const request: Request = {
      ...session.request,
      emit: (event) => {
        if (event.type === 'node.start' && !spans.has(event.task)) spans.set(event.task, [(clock() - began) / 1000, 0])
        const span = event.type === 'node.done' ? spans.get(event.task) : undefined
        if (span) span[1] = (clock() - began) / 1000
        session.request.emit(event)
      },
      world: {
        ...session.request.world,
        clock,
        sleep: slowly,
        cloud: async (account: Values, task) =>
          await aws.cloud({ region: String(account['region'] ?? 'us-east-1'), endpoint: emulator.endpoint }, task),
      },
    }
    const planned = await planRun(request)
    expect(planned.ok).to.equal(true)
    const from = clock()
    const finished = await applyRun(request, planned)
    aws.close()
    expect(finished.ok).to.equal(true)
    return { seconds: (clock() - from) / 1000, spans }
  }

  it('is that of its critical path, as the graph told it beforehand', async () => {
    const { stdout, exit } = await runner.run('graph', '--format', 'json', ...words)
    expect(exit).to.equal(0)
    const expected = longest(JSON.parse(stdout) as Graph)
    // 600 for the database, 20 for what needs its address, 200 for the image, 60 for the group; the permissions, and with them the
    // host, need of the database only what AWS says of it at once
    expect(expected).to.equal(880)
    const { seconds, spans } = await timedApply()
    expect(seconds, JSON.stringify([...spans])).to.be.within(expected, expected * 1.1)
    // side by side: all of them begun before the first of them has ended, with the host's tasks beside them
    const [database = [0, 0], files = [0, 0], balancer = [0, 0], host = [0, 0], packages = [0, 0]] = [
      'Database cluster',
      'Shared files',
      'Load balancer',
      'Template host',
      'Packages',
    ].map((name) => spans.get(name))
    expect(Math.max(database[0], files[0], balancer[0], host[0])).to.be.lessThan(
      Math.min(database[1], files[1], balancer[1], host[1]),
    )
    expect(packages[0]).to.be.within(host[1], database[1])
  })
})
