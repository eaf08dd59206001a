import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import { missingParts } from '../lab/docker.ts'
import { startHost, type Host } from '../lab/host.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

const registryConfig = `
version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/docker-registry } }
http: { addr: "127.0.0.1:5000" }
auth: { htpasswd: { realm: lab, path: /etc/registry.htpasswd } }
`

/** A real Docker and a real registry with a password, both on one host. Each step starts from what the one before has left. */
describe('images of Docker, their registry, and what is left of them', function () {
  this.timeout(15 * 60_000)
  let host: Host
  let stage: Stage

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    host = await startHost()
    await host.exec('rm -r /etc/systemd/system/docker.service.d && systemctl daemon-reload')
    stage = makeStage(host)
    await stage.settle(
      play(
        { name: 'Docker', 'docker.engine': {} },
        { name: 'Registry', 'system.package': { name: ['docker-registry', 'apache2-utils'] } },
        { name: 'Settings', 'system.copy': { dest: '/etc/docker/registry/config.yml', content: registryConfig } },
        {
          name: 'Password',
          'system.shell': {
            cmd: 'htpasswd -Bbn ana "pa:ss w\\"rd" >/etc/registry.htpasswd',
            creates: '/etc/registry.htpasswd',
          },
          notify: 'restart',
        },
        {
          name: 'Source',
          'system.copy': {
            dest: '/srv/app/Dockerfile',
            content: 'FROM scratch\nARG A=0\nLABEL a=$A\nCOPY file /file\n',
          },
        },
      )
        .replace('"Source"', '"Directory","system.file":{"path":"/srv/app","state":"directory"}},{"name":"Source"')
        .replace(
          '"tasks"',
          '"handlers":[{"name":"restart","system.service":{"name":"docker-registry","state":"restarted"}}],"tasks"',
        ),
    )
    await host.exec('echo one >/srv/app/file')
  })
  after(async () => {
    stage?.close()
    await host?.close()
  })

  const play = (...tasks: readonly object[]): string => JSON.stringify([{ hosts: 'web', become: true, tasks }])
  const login = (password: string): object => ({
    name: 'Login',
    'docker.login': { registry: '127.0.0.1:5000', username: 'ana', password },
  })
  const build = (name: string, more: object = {}): object => ({
    name: `Build ${name}`,
    'docker.image': { name, source: 'build', context: '/srv/app', ...more },
    register: 'built',
  })
  const told = (events: readonly Event[]): string =>
    events.flatMap((event) => (event.type === 'node.status' ? [event.text] : [])).join('\n')
  const summary = async (text: string): Promise<unknown> =>
    changes(await stage.plan(text)).map(({ task, action, fields }) => [
      task,
      action,
      ...fields.map((field) => (field as { path: string }).path),
    ])

  it('is logged in at only with the right password, kept where nobody else reads it', async () => {
    const { failed } = await stage.apply(play(login('wrong')))
    expect(failed.map(({ task }) => task)).to.deep.equal(['Login'])
    const text = play(login('pa:ss w"rd'))
    await stage.settle(text)
    expect(await host.exec('stat -c "%a %U" /root/.docker/config.json')).to.equal('600 root')
    await host.exec('chmod 0644 /root/.docker/config.json')
    expect(await summary(text)).to.deep.equal([['Login', 'update', 'mode']])
    await stage.settle(text)
  })

  it('builds of what is there, and again when that, or an argument, is another', async () => {
    await stage.settle(play(build('127.0.0.1:5000/app:1')))
    const id = await host.exec('docker image inspect -f "{{.Id}}" 127.0.0.1:5000/app:1')
    await stage.settle(play(build('127.0.0.1:5000/app:1', { build_args: { A: '2' } })))
    expect(await host.exec('docker image inspect -f "{{.Config.Labels.a}}" 127.0.0.1:5000/app:1')).to.equal('2')
    await host.exec('echo two >/srv/app/file')
    expect(await summary(play(build('127.0.0.1:5000/app:1')))).to.deep.equal([
      ['Build 127.0.0.1:5000/app:1', 'update', 'image'],
    ])
    await stage.settle(play(build('127.0.0.1:5000/app:1')))
    expect(await host.exec('docker image inspect -f "{{.Id}}" 127.0.0.1:5000/app:1')).to.not.equal(id)
  })

  it('pulls by a tag and by a digest, and sees that the tag means another one', async () => {
    await host.exec('docker push -q 127.0.0.1:5000/app:1 && docker image rm 127.0.0.1:5000/app:1')
    const pull = (name: string, more: object = {}): string =>
      play(
        { name: 'Pull', 'docker.image': { name, ...more }, register: 'image' },
        { name: 'Told', 'system.copy': { dest: '/srv/reference', content: '{{ image.reference }}' } },
      )
    const { events } = await stage.settle(pull('127.0.0.1:5000/app:1'))
    expect(told(events)).to.match(/^pulled \d of 1 layers$/m)
    const reference = await host.exec('cat /srv/reference')
    expect(reference).to.match(/^127\.0\.0\.1:5000\/app@sha256:[0-9a-f]{64}$/)
    await host.exec(
      'echo three >/srv/app/file; cd /srv/app; docker build -q -t 127.0.0.1:5000/app:1 . && docker push -q 127.0.0.1:5000/app:1 && docker image rm 127.0.0.1:5000/app:1 && docker pull -q ' +
        reference +
        ' && docker tag ' +
        reference +
        ' 127.0.0.1:5000/app:1',
    )
    expect(await summary(pull('127.0.0.1:5000/app:1'))).to.deep.equal([])
    expect(await summary(pull('127.0.0.1:5000/app:1', { update: true }))).to.deep.include(['Pull', 'update', 'image'])
    await stage.settle(pull('127.0.0.1:5000/app:1', { update: true }))
    expect(await host.exec('cat /srv/reference')).to.not.equal(reference)
    await stage.settle(pull(reference))
    expect(await host.exec('cat /srv/reference')).to.equal(reference)
  })

  it('of a project are pulled before it is brought up, with the bytes that have come', async () => {
    await host.exec(
      'mkdir /srv/large; cd /srv/large; head -c 40000000 /dev/urandom >file; tar -c file | docker import - 127.0.0.1:5000/large:1 && docker push -q 127.0.0.1:5000/large:1 && docker image rm 127.0.0.1:5000/large:1; echo "services: { large: { image: 127.0.0.1:5000/large:1 } }" >/srv/large/compose.yml',
    )
    const { events, failed } = await stage.apply(
      play({ name: 'Large', 'docker.compose': { project: 'large', dir: '/srv/large', wait: 10 } }),
    )
    expect(told(events)).to.match(/^pulled \d of 1 layers, [\d.]+ of 40\.0 MB$/m)
    // there is no program in it that could run
    expect(failed[0]?.message)
      .to.match(/no command/i)
      .and.not.match(/fs layer|Downloading/)
    await host.exec('docker image rm 127.0.0.1:5000/large:1')
  })

  it('loads one from a file, and another when the file is another', async () => {
    const load = play({ name: 'Load', 'docker.image': { name: 'loaded:1', source: 'load', archive: '/srv/image.tar' } })
    await host.exec(
      'docker tag 127.0.0.1:5000/app:1 loaded:1 && docker save -o /srv/image.tar loaded:1 && docker image rm loaded:1',
    )
    await stage.settle(load)
    await host.exec(
      'echo four >/srv/app/file; cd /srv/app; docker build -q -t other:2 . && docker save -o /srv/image.tar other:2',
    )
    expect(await summary(load)).to.deep.equal([['Load', 'update', 'image']])
    await stage.settle(load)
  })

  it('keeps so many, and takes away what nobody uses', async () => {
    for (const tag of ['1', '2', '3'])
      await host.exec(`echo ${tag} >/srv/app/file; cd /srv/app; docker build -q -t kept:${tag} .`)
    await stage.settle(play(build('kept:4', { keep: 1 })))
    expect(await host.exec('docker image ls --format "{{.Tag}}" kept | sort')).to.match(/^\d\n4$/)
    await host.exec('docker create --name old kept:4 x; docker volume create named; docker network create lonely')
    const prune = play({
      name: 'Leftovers',
      'docker.prune': { images: 'unused', volumes: 'unused', build_cache: true },
    })
    const plan = await summary(prune)
    expect(plan).to.deep.equal([
      [
        'Leftovers',
        'delete',
        'containers',
        'images',
        'networks',
        'volumes',
        ...(JSON.stringify(plan).includes('build_cache') ? ['build_cache'] : []),
      ],
    ])
    await stage.settle(prune)
    expect(await host.exec('docker image ls -q; docker ps -aq; docker volume ls -q')).to.equal('')
  })

  it('is logged out', async () => {
    await stage.settle(play({ name: 'Login', 'docker.login': { registry: '127.0.0.1:5000', state: 'absent' } }))
    expect(await host.exec('cat /root/.docker/config.json')).to.not.contain('127.0.0.1')
  })
})
