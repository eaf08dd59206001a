import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Doing } from '../../runner/engine/doing.ts'
import type { Event } from '../../runner/engine/event.ts'
import type { HostUnit } from '../../runner/engine/host-look.ts'
import { shellsOf } from '../../runner/engine/host-send.ts'
import { findModule } from '../../runner/modules/find.ts'
import type { HostModule } from '../../runner/modules/module.ts'
import type { Values } from '../../runner/plan/unknown.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { makeRandom, type Random } from '../modules/random.ts'

describe('tasks of one host that touch nothing of each other', function () {
  this.timeout(120_000)
  let runner: Runner
  let server: Server
  let base: string
  /** What waits for the other to come. */
  const waiting = new Map<string, (() => void)[]>()
  let met = false

  before(async () => {
    runner = makeRunner({})
    const work = join(runner.folder, 'work')
    mkdirSync(work)
    const git = (...words: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=lab', '-c', 'user.email=lab@example.com', ...words], { cwd: work })
    git('init', '--quiet', '--initial-branch', 'main')
    writeFileSync(join(work, 'file'), 'from git')
    git('add', '.')
    git('commit', '--quiet', '--message', 'One')
    execFileSync('git', ['clone', '--quiet', '--bare', work, join(runner.folder, 'repo.git')])
    execFileSync('git', ['update-server-info'], { cwd: join(runner.folder, 'repo.git') })
    writeFileSync(join(runner.folder, 'blob'), 'from the web')
    server = createServer((request, response) => {
      const path = join(runner.folder, decodeURIComponent((request.url ?? '').split('?')[0] ?? ''))
      const send = (): void => {
        if (!existsSync(path) || !statSync(path).isFile()) return void response.writeHead(404).end()
        createReadStream(path).pipe(response)
      }
      const url = request.url ?? ''
      if (met || !(url.endsWith('?meet') || url.startsWith('/meet.git/objects/'))) return send()
      // answered when both have come; a single one waits in vain
      waiting.set(url.endsWith('?meet') ? 'web' : 'git', [
        ...(waiting.get(url.endsWith('?meet') ? 'web' : 'git') ?? []),
        send,
      ])
      if (waiting.size < 2) return
      met = true
      for (const one of [...waiting.values()].flat()) one()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    cpSync(join(runner.folder, 'repo.git'), join(runner.folder, 'meet.git'), { recursive: true })
    writeFileSync(join(runner.folder, 'hosts.yml'), 'web: { connection: local, hosts: [h1] }\n')
  })
  after(() => {
    server.closeAllConnections()
    server.close()
    runner.close()
  })

  const apply = async (
    tasks: string,
    play = '',
  ): Promise<{ exit: number; events: readonly Event[]; stderr: string }> => {
    writeFileSync(
      join(runner.folder, 'play.yml'),
      `- hosts: web\n${play}  tasks:\n${tasks}`.replaceAll('BASE', base).replaceAll('TMP', runner.folder),
    )
    return await runner.apply('play.yml', '-i', 'hosts.yml')
  }
  const done = (events: readonly Event[]): readonly string[] =>
    events.flatMap((event) => (event.type === 'node.done' ? [`${event.task} ${event.result}`] : []))

  it('go on at the same time where they take long, and are told in their order', async () => {
    const { exit, events, stderr } = await apply(`
    - { name: Web, system.download: { url: 'BASE/blob?meet', dest: TMP/a-blob } }
    - { name: Web again, system.download: { url: BASE/blob, dest: TMP/b-blob } }
    - { name: Text, system.copy: { dest: TMP/c-text, content: text } }
    - { name: Git, git.checkout: { repo: 'BASE/meet.git', dest: TMP/d-git } }
`)
    expect(exit, stderr).to.equal(0)
    expect(done(events)).to.deep.equal(['Web changed', 'Web again changed', 'Text changed', 'Git changed'])
    expect(readFileSync(join(runner.folder, 'd-git', 'file'), 'utf8')).to.equal('from git')
    expect(changes(await runner.plan('play.yml', '-i', 'hosts.yml'))).to.deep.equal([])
  })

  it('are packages beside images, but not images beside Docker’s own packages', async () => {
    const doing = async (module: string, want: Values): Promise<Doing> => ({
      unit: {
        module: (await findModule(module)) as HostModule,
        prepared: { want, unit: { task: { module } } } as unknown as HostUnit['prepared'],
      },
      have: undefined,
      change: { action: 'create', fields: [] },
      steps: [],
    })
    const image = await doing('docker.image', { name: 'nginx:1' })
    const text = await doing('system.copy', { dest: '/srv/text', content: 'x' })
    const shells = async (name: string) => shellsOf([await doing('system.package', { name }), text, image])
    expect(await shells('tree')).to.deep.equal([[0, 1], [2]])
    expect(await shells('docker-ce')).to.deep.equal([[0, 1, 2]])
  })

  it('of which one fails: what was done beside it is told, what stands behind it is not begun', async () => {
    const { exit, events } = await apply(`
    - { name: Web, system.download: { url: BASE/nothing, dest: TMP/e-blob } }
    - { name: Git, git.checkout: { repo: 'BASE/repo.git', dest: TMP/f-git } }
    - { name: Behind, system.shell: { cmd: touch TMP/g-behind } }
`)
    expect(exit).to.equal(1)
    expect(done(events)).to.deep.equal(['Web failed', 'Git changed'])
    expect([existsSync(join(runner.folder, 'f-git')), existsSync(join(runner.folder, 'g-behind'))]).to.deep.equal([
      true,
      false,
    ])
  })

  for (const seed of [1, 2, 3])
    it(`come to what they come to one after the other (seed ${seed})`, async () => {
      const program = programOf(makeRandom(seed))
      const trees: unknown[] = []
      const told: (readonly string[])[] = []
      for (const [folder, play] of [
        ['serial', '  strategy: linear\n'],
        ['parallel', ''],
      ] as const) {
        const root = join(runner.folder, `${folder}-${seed}`)
        const { exit, events, stderr } = await apply(program.replaceAll('ROOT', root), play)
        expect(exit, stderr).to.equal(0)
        told.push(done(events))
        trees.push(treeOf(root))
        expect(changes(await runner.plan('play.yml', '-i', 'hosts.yml'))).to.deep.equal([])
      }
      expect(trees[1]).to.deep.equal(trees[0])
      expect(told[1]).to.deep.equal(told[0])
    })
})

/** Tasks of which some need what others made, each with a thing of its own. */
function programOf(random: Random): string {
  const folders = ['ROOT']
  const tasks = ['{ name: Root, system.file: { path: ROOT, state: directory } }']
  for (let index = 0; index < 14; index += 1) {
    const folder = random.pick(folders)
    const path = `${folder}/${index}`
    const args = random.pick<() => string>([
      () => {
        folders.push(path)
        return `system.file: { path: ${path}, state: directory, mode: "0755" }`
      },
      () =>
        `system.copy: { dest: ${path}, content: ${JSON.stringify(random.text(5, { lines: false }).replaceAll(/[{}%#]/g, ''))}, mode: "0640" }`,
      () => `system.line: { path: ${path}, line: "line ${index}", create: true }`,
      () => `system.download: { url: BASE/blob, dest: ${path} }`,
      () => `system.download: { url: BASE/blob, dest: ${path} }`,
      () => {
        folders.push(path)
        return `git.checkout: { repo: BASE/repo.git, dest: ${path} }`
      },
    ])()
    tasks.push(`{ name: T${index}, ${args} }`)
  }
  return tasks.map((task) => `    - ${task}\n`).join('')
}

function treeOf(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((one) => !join(one.parentPath, one.name).includes('/.git'))
    .map((one) => {
      const path = join(one.parentPath, one.name)
      const { mode } = statSync(path)
      return `${path.slice(root.length)} ${mode.toString(8)} ${one.isFile() ? readFileSync(path, 'utf8') : ''}`
    })
    .toSorted()
}
