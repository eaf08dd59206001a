import { expect } from 'chai'
import { startHost, type Host } from '../lab/host.ts'
import { makeRandom } from '../modules/random.ts'
import { makeStage, type Stage } from './playing.ts'

describe('users, packages and services from any state', function () {
  this.timeout(240_000)
  let host: Host
  let stage: Stage
  before(async () => {
    host = await startHost()
    stage = makeStage(host)
    await host.exec('groupadd one; groupadd two; groupadd three')
  })
  after(async () => {
    stage?.close()
    await host?.close()
  })

  for (const seed of [1])
    it(`come to what is wanted, and nothing is left for a second time (seed ${seed})`, async () => {
      const random = makeRandom(seed)
      const some = (): string => ['one', 'two', 'three'].filter(() => random.whole(2) === 0).join(',')
      const shell = (): string => random.pick(['/bin/sh', '/bin/bash', '/usr/sbin/nologin'])
      const names = Array.from({ length: 14 }, (_, index) => `u${seed}-${index}`)
      const start = names.map((name) =>
        random.pick([
          ':',
          `useradd -m -s ${shell()} ${name}`,
          `useradd -M -s ${shell()} -G '${some()}' ${name}; usermod -L ${name}`,
          `useradd -r -c 'It is: $(id)' ${name}`,
        ]),
      )
      await host.exec(start.map((line) => line.replace("-G '' ", '')).join('\n'))
      const tasks = names.map((name) => {
        const groups = some().split(',').filter(Boolean)
        const wanted = random.pick([
          { name, state: 'absent' },
          { name, shell: shell(), groups },
          {
            name,
            shell: shell(),
            comment: `${random.text(3, { lines: false }).replaceAll(/[:{}%#\u0000-\u001F\u007F]/g, '')}.`,
          },
          { name, groups, create_home: true },
        ])
        return `    - system.user: ${JSON.stringify(wanted)}\n`
      })
      const services = random.pick(['started', 'stopped'])
      tasks.push(
        `    - system.package: { name: [${random.pick(['bc', 'tree'])}], state: ${random.pick(['present', 'absent'])} }\n`,
        `    - system.service: { name: systemd-tmpfiles-clean.timer, state: ${services} }\n`,
      )
      const playbook = `- hosts: web\n  become: true\n  tasks:\n${tasks.join('')}`
      const first = await stage.settle(playbook)
      const again = await stage.apply(playbook)
      expect([again.exit, again.changed, again.failed]).to.deep.equal([0, [], []])
      expect(first.changed.length).to.be.greaterThan(5)
    })
})
