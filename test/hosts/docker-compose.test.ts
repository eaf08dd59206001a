import { expect } from 'chai'
import { missingParts } from '../lab/docker.ts'
import { startHost, type Host } from '../lab/host.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

// an image without a registry: one static program under all its names
const base = `
apt-get install -y -q --no-install-recommends busybox-static >/dev/null
mkdir -p /srv/base/bin /srv/base/tmp && cp /bin/busybox /srv/base/bin/
for name in sh httpd wget sleep cat echo test touch mkdir; do ln -sf busybox /srv/base/bin/$name; done
tar -C /srv/base -c . | docker import - base:1
`
const dockerfile = 'FROM base:1\nCOPY page /www/index.html\n'
const composeFile = `
services:
  web:
    build: ./web
    stop_grace_period: 1s
    init: true
    command: [httpd, -f, -p, "8080", -h, /www]
    environment: { GREETING: "\${GREETING:?}" }
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/"], interval: 1s, timeout: 2s, retries: 3 }
    depends_on: { store: { condition: service_healthy } }
  store:
    image: base:1
    command: [sh, -c, "echo opening the store of size \${SIZE:-1}; touch /tmp/open-\${SIZE:-1}; exec sleep 100000"]
    init: true
    stop_grace_period: 1s
    healthcheck: { test: [CMD-SHELL, "cat /tmp/open-1"], interval: 1s, timeout: 2s, retries: 3 }
`

/** A real project on a real host. Each step starts from what the one before has left. */
describe('docker.compose on a real host', function () {
  this.timeout(15 * 60_000)
  let host: Host
  let stage: Stage

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    host = await startHost()
    stage = makeStage(host)
    await host.exec('rm -r /etc/systemd/system/docker.service.d && systemctl daemon-reload')
  })
  after(async () => {
    stage?.close()
    await host?.close()
  })

  const copy = (dest: string, content: string): object => ({
    name: `File ${dest}`,
    'system.copy': { dest: `/opt/shop/${dest}`, content },
  })
  const project = (env: object, more: object = {}): object => ({
    name: 'Project',
    'docker.compose': { project: 'shop', dir: '/opt/shop', env, wait: 60, ...more },
  })
  const playbook = (...tasks: readonly object[]): string => JSON.stringify([{ hosts: 'web', become: true, tasks }])
  const ids = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await host.exec(`docker ps --format '{{.Label "com.docker.compose.service"}} {{.ID}}'`))
        .split('\n')
        .map((line) => line.split(' ')),
    )
  const health = async (): Promise<string> =>
    await host.exec(
      `docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Health.Status}}' $(docker ps -q) | sort`,
    )
  const fieldsOf = async (text: string): Promise<readonly unknown[]> =>
    changes(await stage.plan(text)).flatMap(({ fields }) =>
      fields.map((field) => {
        const { path, before, after } = field as { path: string; before?: unknown; after?: unknown }
        return [path, before, after]
      }),
    )

  it('foresees a project on a host that has no Docker yet, and brings it up, healthy', async () => {
    const engine = { name: 'Docker', 'docker.engine': {} }
    const files = [
      { name: 'Directories', 'system.file': { path: '/opt/shop/web', state: 'directory' } },
      copy('compose.yml', composeFile),
      copy('web/Dockerfile', dockerfile),
      copy('web/page', 'one\n'),
    ]
    const image = { name: 'Base', 'system.shell': { cmd: base, creates: '/srv/base/bin/sh' } }
    const all = playbook(engine, image, ...files, project({ GREETING: 'hello' }))
    const planned = changes(await stage.plan(all))
    expect(planned.map(({ task, action }) => [task, action])).to.deep.include(['Project', 'create'])
    await stage.settle(all)
    expect(await health()).to.equal('store healthy\nweb healthy')
    expect(await host.exec('docker exec shop-web-1 wget -q -O - http://127.0.0.1:8080/')).to.equal('one')
  })

  it('recreates exactly the service whose variable changed', async () => {
    const before = await ids()
    const changed = playbook(project({ GREETING: 'good evening' }))
    expect(await fieldsOf(changed)).to.deep.equal([['web', 'another configuration', 'recreated']])
    await stage.settle(changed)
    const after = await ids()
    expect(after['store']).to.equal(before['store'])
    expect(after['web']).to.not.equal(before['web'])
    expect(await host.exec('docker exec shop-web-1 sh -c "echo \\$GREETING"')).to.equal('good evening')
  })

  it('says that a task above changes its files, and then does what they say', async () => {
    const before = await ids()
    const edited = composeFile.replace('{ GREETING:', '{ MORE: "yes", GREETING:')
    const both = playbook(copy('compose.yml', edited), project({ GREETING: 'good evening' }))
    expect(changes(await stage.plan(both)).map(({ task, action }) => [task, action])).to.deep.equal([
      ['File compose.yml', 'update'],
      ['Project', 'unknown'],
    ])
    const { changed } = await stage.settle(both)
    expect(changed).to.deep.equal(['File compose.yml', 'Project'])
    const after = await ids()
    expect([after['store'] === before['store'], after['web'] === before['web']]).to.deep.equal([true, false])
  })

  it('builds an image again when what it is made from changed, and only that', async () => {
    const before = await ids()
    await host.exec('echo two >/opt/shop/web/page')
    const same = playbook(project({ GREETING: 'good evening' }))
    expect(await fieldsOf(same)).to.deep.equal([['web', 'built from other sources', 'rebuilt']])
    await stage.settle(same)
    expect((await ids())['store']).to.equal(before['store'])
    expect(await host.exec('docker exec shop-web-1 wget -q -O - http://127.0.0.1:8080/')).to.equal('two')
  })

  it('sees what was stopped or removed behind its back, and an image that is another one now', async () => {
    const same = playbook(project({ GREETING: 'good evening' }))
    await host.exec('docker stop -t 1 shop-web-1')
    expect(await fieldsOf(same)).to.deep.equal([['web', 'exited', 'running']])
    await stage.settle(same)
    await host.exec(
      'docker rm --force shop-web-1; echo >/srv/base/tmp/more; tar -C /srv/base -c . | docker import - base:1',
    )
    const [web, store] = await fieldsOf(same)
    expect([web, store].map((field) => (field as readonly unknown[])[0]).toSorted()).to.deep.equal(['store', 'web'])
    await stage.settle(same)
    expect(await health()).to.equal('store healthy\nweb healthy')
  })

  it('shows what the service and its health check said when it does not get well', async () => {
    const { exit, failed } = await stage.apply(playbook(project({ GREETING: 'good evening', SIZE: '7' }, { wait: 20 })))
    expect(exit).to.equal(1)
    const message = failed[0]?.message ?? ''
    expect(message).to.match(/store is running, unhealthy/)
    expect(message).to.contain('opening the store of size 7')
    expect(message).to.match(/health check: .*open-1/)
    expect(await fieldsOf(playbook(project({ GREETING: 'good evening', SIZE: '7' })))).to.deep.include([
      'store',
      'unhealthy',
      'running',
    ])
    await stage.settle(playbook(project({ GREETING: 'good evening' })))
  })

  it('says what is wrong with files that make no sense', async () => {
    const { exit, stderr, failed } = await stage.apply(playbook(project({})))
    expect(exit).to.not.equal(0)
    expect(`${stderr}${JSON.stringify(failed)}`).to.contain('GREETING')
  })

  it('is taken down by destroy', async () => {
    const { exit, stderr } = await stage.destroy(playbook(project({ GREETING: 'good evening' })))
    expect(exit, stderr).to.equal(0)
    expect(
      await host.exec('docker ps --all --quiet; docker network ls --format {{.Name}} | grep shop || true'),
    ).to.equal('')
    expect(await host.exec('ls /var/lib/runner/compose')).to.equal('')
  })
})
