import { expect } from 'chai'
import { missingParts } from '../lab/docker.ts'
import { machineParts, startMachine, type Machine } from '../lab/machine.ts'
import { startNfsServer, type NfsServer } from '../lab/nfs-server.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

/** A real NFS client in a virtual machine, a real server of NFSv4.1. Each step starts from what the one before has left. */
describe('nfs.mount in a virtual machine', function () {
  this.timeout(30 * 60_000)
  let machine: Machine
  let server: NfsServer
  let stage: Stage

  before(async () => {
    const missing = await missingParts(machineParts)
    if (missing !== undefined) throw new Error(missing)
    ;[machine, server] = await Promise.all([startMachine(), startNfsServer()])
    stage = makeStage(machine)
  })
  after(async () => {
    stage?.close()
    await Promise.all([machine?.close(), server?.close()])
  })

  const mount = (more: object = {}): string =>
    JSON.stringify([
      {
        hosts: 'web',
        become: true,
        tasks: [{ name: 'Shared files', 'nfs.mount': { src: `${server.address}:/`, path: '/srv/shared', ...more } }],
      },
    ])
  const live = async (): Promise<readonly string[]> =>
    (await machine.exec('awk \'$2 == "/srv/shared" { print $1, $3, $4 }\' /proc/mounts'))
      .split(/[ ,\n]/)
      .filter(Boolean)

  it('mounts it as AWS recommends, and a second plan finds nothing to do', async () => {
    await stage.settle(mount())
    const seen = await live()
    expect(seen.slice(0, 2)).to.deep.equal([`${server.address}:/`, 'nfs4'])
    expect(seen).to.include.members(
      'vers=4.1 rsize=1048576 wsize=1048576 hard timeo=600 retrans=2 noresvport'.split(' '),
    )
    expect(await machine.exec('grep /srv/shared /etc/fstab')).to.equal(
      `${server.address}:/ /srv/shared nfs4 nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev,nofail 0 0`,
    )
  })

  it('shows on one side what was written on the other', async () => {
    await machine.exec('echo from the host >/srv/shared/one')
    expect(await server.exec('cat /export/one')).to.equal('from the host')
    await server.exec('echo from the server >/export/two')
    expect(await machine.exec('cat /srv/shared/two')).to.equal('from the server')
  })

  it('mounts it anew with other options, and where somebody has mounted it otherwise', async () => {
    const options = 'nfsvers=4.1,hard,timeo=300,retrans=3,noresvport'
    await machine.exec(`umount /srv/shared; mount -t nfs4 -o soft,timeo=100 ${server.address}:/ /srv/shared`)
    expect(changes(await stage.plan(mount())).map(({ fields }) => fields.length)).to.deep.equal([1])
    await stage.settle(mount({ options }))
    expect(await live()).to.include.members(['timeo=300', 'retrans=3', 'hard'])
  })

  it('says who uses it when it cannot be mounted anew', async () => {
    await machine.exec('systemd-run --unit=user-of-it --working-directory=/srv/shared sleep 1000')
    const { failed } = await stage.apply(mount())
    expect(failed[0]?.message).to.match(/busy.*sleep 1000/)
    await machine.exec('systemctl stop user-of-it')
    expect((await stage.apply(mount())).changed).to.deep.equal(['Shared files'])
  })

  it('is there again when the host has started anew, by `system.reboot`', async () => {
    const boot = await machine.exec('cat /proc/sys/kernel/random/boot_id')
    const { tasks } = (JSON.parse(mount()) as [{ readonly tasks: readonly object[] }])[0]
    await machine.leave()
    const { changed, failed, stderr } = await stage.apply(
      JSON.stringify([
        {
          hosts: 'web',
          become: true,
          tasks: [
            { name: 'New start', 'system.reboot': { needed: 'always', timeout: 1500 }, timeout: 1800 },
            ...tasks,
            { name: 'Read', 'system.command': { argv: ['cat', '/srv/shared/two'] }, register: 'two' },
            { name: 'Right', 'system.assert': { that: ["two.stdout == 'from the server'"] } },
          ],
        },
      ]),
    )
    expect([failed, changed], stderr).to.deep.equal([[], ['New start', 'Read']])
    expect(await machine.exec('cat /proc/sys/kernel/random/boot_id')).to.not.equal(boot)
    expect(await live()).to.include.members(['vers=4.1', 'timeo=600'])
  })

  it('plans at once and takes it away though the server hangs', async () => {
    await server.freeze()
    const started = Date.now()
    expect(changes(await stage.plan(mount()))).to.deep.equal([])
    expect(Date.now() - started).to.be.lessThan(60_000)
    const { exit, stderr } = await stage.destroy(mount())
    expect(exit, stderr).to.equal(0)
    expect(Date.now() - started).to.be.lessThan(180_000)
    expect(await machine.exec('grep /srv/shared /proc/mounts /etc/fstab || true')).to.equal('')
  })

  it('fails in bounded time when a server hangs, is away, or has no name', async () => {
    const failing = async (...more: readonly object[]): Promise<readonly string[]> => {
      const tasks = more.map((one) => {
        const { tasks } = (JSON.parse(mount({ wait: 6, ...one })) as [{ readonly tasks: readonly object[] }])[0]
        return { ...tasks[0], ignore_errors: true }
      })
      const { events } = await stage.apply(JSON.stringify([{ hosts: 'web', become: true, tasks }]))
      return events.flatMap((event) => {
        if (event.type !== 'node.done') return []
        expect([event.result, event.seconds < 90], `${event.message} after ${event.seconds} s`).to.deep.equal([
          'ignored',
          true,
        ])
        return [event.message ?? '']
      })
    }
    const [hanging] = await failing({})
    expect(hanging).to.contain(`the NFS server ${server.address} did not answer within 6 s`)
    await server.thaw()
    const [away, nameless] = await failing(
      { options: 'nfsvers=4.1,port=2050' },
      { src: 'fs-1.example.invalid:/', path: '/srv/other' },
    )
    expect(away).to.contain(`${server.address} does not answer at port 2050`)
    expect(nameless).to.contain('the name fs-1.example.invalid is not known')
  })

  it('is unmounted by destroy, and nothing is left to mount at a start', async () => {
    expect((await stage.apply(mount())).changed).to.deep.equal(['Shared files'])
    const { exit, stderr } = await stage.destroy(mount())
    expect(exit, stderr).to.equal(0)
    expect(await machine.exec('grep /srv/shared /proc/mounts /etc/fstab || true')).to.equal('')
    expect(await server.exec('cat /export/one')).to.equal('from the host')
  })
})
