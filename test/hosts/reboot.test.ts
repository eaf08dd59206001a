import { expect } from 'chai'
import { missingParts } from '../lab/docker.ts'
import { startHost, type Host } from '../lab/host.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

/** A host that really starts anew: its systemd ends, and another begins. */
describe('a host that starts anew', function () {
  this.timeout(10 * 60_000)
  let host: Host
  let stage: Stage

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    host = await startHost({ restarts: true })
    stage = makeStage(host)
  })
  after(async () => {
    stage?.close()
    await host?.close()
  })

  const play = (...tasks: readonly object[]): string => JSON.stringify([{ hosts: 'web', become: true, tasks }])
  const reboot = (args: object = {}): object => ({ name: 'New start', 'system.reboot': args, register: 'start' })
  const began = async (): Promise<string> => await host.exec('stat -c %Y /proc/1; cut -d" " -f22 /proc/1/stat')

  it('does so only where something asks for it', async () => {
    const before = await began()
    expect(changes(await stage.plan(play(reboot())))).to.deep.equal([])
    await stage.settle(play(reboot()))
    expect(await began()).to.equal(before)
  })

  it('is back before the next task, and has nothing more to do', async () => {
    const before = await began()
    await host.exec(
      'touch /run/reboot-required; printf "linux-image\\nlibc6\\nlibc6\\n" >/run/reboot-required.pkgs; echo x >/run/gone',
    )
    const text = play(reboot(), {
      name: 'After it',
      'system.copy': { dest: '/srv/after', content: '{{ start.boot_id }}' },
    })
    const plan = await stage.plan(text)
    expect(plan.entries.find(({ task }) => task === 'New start')?.why).to.contain('libc6, linux-image')
    const { changed } = await stage.settle(text)
    expect(changed).to.deep.equal(['New start', 'After it'])
    expect(await began()).to.not.equal(before)
    expect(await host.exec('ls /run/gone 2>/dev/null || true')).to.equal('')
    expect(await host.exec('cat /srv/after')).to.equal(await host.exec('cat /proc/sys/kernel/random/boot_id'))
  })

  it('cannot be foretold while packages are to change', async () => {
    const text = play({ name: 'Package', 'system.package': { name: 'cron' } }, reboot())
    const plan = await stage.plan(text)
    expect(changes(plan).map(({ task, action }) => [task, action])).to.deep.equal([
      ['Package', 'create'],
      ['New start', 'unknown'],
    ])
    const { changed } = await stage.settle(text)
    expect(changed).to.deep.equal(['Package'])
  })

  it('is made ready for an image, comes up as another one, and is the same to those who know it', async () => {
    await host.exec(
      'mkdir -p /var/lib/cloud/instances/i-1 /var/lib/cloud/data; ln -sfn instances/i-1 /var/lib/cloud/instance; echo x >/var/log/cloud-init.log; echo secret >/home/ubuntu/.bash_history; touch /var/cache/apt/archives/x.deb',
    )
    const id = await host.exec('cat /etc/machine-id')
    const clean = play({ name: 'Clean', 'cloud_init.clean': { ssh_host_keys: false } })
    await stage.settle(clean)
    expect(
      await host.exec(
        'find /var/lib/cloud/instances /var/lib/cloud/data -mindepth 1; ls /var/cache/apt/archives/*.deb 2>/dev/null; cat /home/ubuntu/.bash_history /var/log/cloud-init.log /etc/machine-id',
      ),
    ).to.equal('')
    await stage.apply(play(reboot({ needed: 'always' })))
    expect(await host.exec('cat /etc/machine-id'))
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.equal(id)
    expect(changes(await stage.plan(clean)).map(({ task, action }) => [task, action])).to.deep.equal([
      ['Clean', 'update'],
    ])
  })

  it('says what it last saw of one that does not come back', async () => {
    await host.exec('systemctl mask ssh ssh.socket; touch /run/reboot-required')
    const { failed } = await stage.apply(play(reboot({ timeout: 15 })))
    expect(failed).to.have.length(1)
    expect(failed[0]?.message).to.contain('was not back within 15 s').and.contain('refuses the connection')
  })

  it('loses its keys last of all', async () => {
    await host.exec('systemctl unmask ssh ssh.socket; systemctl start ssh')
    const { failed, exit } = await stage.apply(play({ name: 'Clean', 'cloud_init.clean': {} }))
    expect([failed, exit]).to.deep.equal([[], 0])
    expect(await host.exec('ls /etc/ssh/ssh_host_* 2>/dev/null || true')).to.equal('')
  })
})
