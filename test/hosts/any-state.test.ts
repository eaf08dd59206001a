import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { startHost, type Host } from '../lab/host.ts'
import { makeRandom, type Random } from '../modules/random.ts'
import { makeStage, type Stage } from './playing.ts'

/** One thing of a host: how it may be at first, what may be wanted of it, and what shows how it is. */
interface Thing {
  readonly start: string
  readonly task: object
  readonly shows: string
  readonly reset: string
}

const packages = ['bc', 'tree', 'pv'] as const
const services = ['s0', 's1', 's2'] as const

describe('users, packages, services and files from any state', function () {
  this.timeout(10 * 60_000)
  let host: Host
  let stage: Stage
  let server: Server
  let base: string
  before(async () => {
    host = await startHost()
    stage = makeStage(host)
    server = createServer((request, response) => response.end(`here is ${request.url}\n`)).listen(0, host.gateway)
    await once(server, 'listening')
    base = `http://${host.gateway}:${(server.address() as AddressInfo).port}`
    const units = services.map(
      (name) =>
        `printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/${name}.service`,
    )
    await host.exec(
      `groupadd one; groupadd two; groupadd three; ${units.join('; ')}; systemctl daemon-reload; apt-get update -q >/dev/null; apt-get install -q -y --download-only ${packages.join(' ')} >/dev/null`,
    )
  })
  after(async () => {
    stage?.close()
    server?.close()
    await host?.close()
  })

  const user = (random: Random, name: string): Thing => {
    const some = (): readonly string[] => ['one', 'two', 'three'].filter(() => random.whole(2) === 0)
    const shell = (): string => random.pick(['/bin/sh', '/bin/bash', '/usr/sbin/nologin'])
    const groups = some()
    return {
      start: random.pick([
        ':',
        `useradd -m -s ${shell()} ${name}`,
        `useradd -M -s ${shell()} ${groups.length > 0 ? `-G ${groups.join(',')}` : ''} ${name}; usermod -L ${name}`,
        `useradd -r -c 'It is: $(id)' ${name}`,
      ]),
      task: {
        'system.user': random.pick<object>([
          { name, state: 'absent' },
          { name, shell: shell(), groups: some() },
          {
            name,
            shell: shell(),
            comment: `${random.text(3, { lines: false }).replaceAll(/[:{}%#\u0000-\u001F\u007F]/g, '')}.`,
          },
          { name, groups: some(), create_home: true },
        ]),
      },
      // numbers are given in the order of making
      shows: `getent passwd ${name} | cut -d: -f1,2,5-; id -Gn ${name} 2>/dev/null | tr ' ' '\\n' | sort; stat -c %A /home/${name} 2>/dev/null`,
      reset: `userdel -r ${name} 2>/dev/null`,
    }
  }
  const thing = (random: Random, index: number): Thing => {
    const path = `/srv/p/${index}`
    const words = `word ${random.whole(3)}`
    return random.pick<() => Thing>([
      () => user(random, `u${index}`),
      () => user(random, `u${index}`),
      () => ({
        start: random.pick([
          ':',
          `echo 'word 1' >${path}`,
          `printf 'a\\nword 2' >${path}`,
          `echo x >${path}; chmod 600 ${path}`,
        ]),
        task: random.pick<object>([
          { 'system.line': { path, line: words, create: true } },
          { 'system.copy': { dest: path, content: `${words}\n`, mode: random.pick(['0600', '0644']) } },
          { 'system.file': { path, state: 'absent' } },
        ]),
        shows: `stat -c '%A %U' ${path} 2>/dev/null && cat ${path}`,
        reset: `rm -rf ${path}`,
      }),
      () => ({
        start: random.pick([':', `printf 'here is /${index}\\n' >${path}`]),
        task: { 'system.download': { url: `${base}/${index}`, dest: path } },
        shows: `cat ${path} 2>/dev/null`,
        reset: `rm -f ${path} /srv/p/.${index}.origin`,
      }),
    ])()
  }
  const things = (random: Random): readonly Thing[] => [
    ...Array.from({ length: 12 }, (_, index) => thing(random, index)),
    ...packages.map((name): Thing => ({
      start: random.pick([
        ':',
        `apt-get install -q -y ${name}`,
        `apt-get install -q -y ${name}; apt-get remove -q -y ${name}`,
      ]),
      task: { 'system.package': { name, state: random.pick(['present', 'absent']) } },
      shows: `dpkg-query -W -f '\${db:Status-Status}' ${name} 2>/dev/null | grep -x installed; command -v ${name}`,
      reset: `apt-get purge -q -y ${name}`,
    })),
    ...services.map((name): Thing => ({
      start: random.pick([
        ':',
        `systemctl start ${name}`,
        `systemctl enable --now ${name}`,
        `systemctl enable ${name}`,
      ]),
      task: {
        'system.service': random.pick<object>([
          { name, state: 'started' },
          { name, state: 'stopped', enabled: false },
          { name, state: random.pick(['started', 'stopped']), enabled: true },
        ]),
      },
      shows: `systemctl is-active ${name}; systemctl is-enabled ${name}`,
      reset: `systemctl disable --now ${name}`,
    })),
  ]

  for (const seed of [1, 2])
    it(`come to what is wanted, one by one or at once, and nothing is left for a second time (seed ${seed})`, async () => {
      const random = makeRandom(seed)
      const list = things(random)
      const order = list.map((one) => ({ one, at: random.whole(1000) })).toSorted((a, b) => a.at - b.at)
      const tasks = order.map(({ one }) => ({ name: `T${list.indexOf(one)}`, ...one.task }))
      const play = (more: object): string => JSON.stringify([{ hosts: 'web', become: true, ...more, tasks }])
      const run = async (lines: readonly string[]): Promise<readonly string[]> =>
        (await host.exec(lines.map((line) => `{ ${line}; } 2>&1; echo "=end="`).join('\n')))
          .split('=end=')
          .map((text) => text.trim())
      const begin = async (): Promise<void> => {
        await run([...list.map(({ reset }) => reset), 'mkdir -p /srv/p', ...list.map(({ start }) => start)])
      }
      const shown = async (): Promise<readonly string[]> => await run(list.map(({ shows }) => shows))

      await begin()
      const before = await shown()
      const parallel = play({})
      const right = new Set(
        (await stage.plan(parallel)).entries.filter(({ action }) => action === 'none').map(({ task }) => task),
      )
      const { changed } = await stage.settle(parallel)
      const after = await shown()
      const same = before.flatMap((text, index) => (text === after[index] ? [`T${index}`] : []))
      // what was right already is not touched, and that both is so here
      expect(same).to.include.members([...right].filter((task) => /^T\d+$/.test(task)))
      expect([right.size > 2, changed.length > 5], `${right.size} right, ${changed.length} changed`).to.deep.equal([
        true,
        true,
      ])
      const again = await stage.apply(parallel)
      expect([again.exit, again.changed, again.failed]).to.deep.equal([0, [], []])
      expect(await shown()).to.deep.equal(after)

      await begin()
      expect(await shown()).to.deep.equal(before)
      const serial = await stage.settle(play({ strategy: 'linear' }))
      expect(serial.changed).to.deep.equal(changed)
      expect(await shown()).to.deep.equal(after)
    })
})
