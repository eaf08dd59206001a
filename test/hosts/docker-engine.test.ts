import { expect } from 'chai'
import { missingParts } from '../lab/docker.ts'
import { startDockerRepository, type DockerRepository } from '../lab/docker-repository.ts'
import { startHost, type Host } from '../lab/host.ts'
import type { Suite } from '../lab/images.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

interface Lab {
  readonly suite: Suite
  readonly host: Host
  readonly repository: DockerRepository
  readonly stage: Stage
}

async function makeLab(suite: Suite): Promise<Lab> {
  const host = await startHost({ suite })
  // it would put images into Docker that this host has not got
  await host.exec('rm -r /etc/systemd/system/docker.service.d && systemctl daemon-reload')
  return { suite, host, repository: await startDockerRepository(suite, host.gateway), stage: makeStage(host) }
}

/** Docker really installed on real hosts, on all at the same time. Each step starts from what the one before has left. */
describe('docker.engine on Debian 12 and 13 and Ubuntu 24.04', function () {
  this.timeout(20 * 60_000)
  let labs: readonly Lab[] = []
  const onAll = async (step: (lab: Lab) => Promise<void>): Promise<void> => void (await Promise.all(labs.map(step)))
  const onDebian = async (step: (lab: Lab) => Promise<void>): Promise<void> =>
    void (await Promise.all(labs.filter(({ suite }) => suite !== 'noble').map(step)))

  before(async () => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    labs = await Promise.all((['bookworm', 'trixie', 'noble'] as const).map(makeLab))
  })
  after(async () => {
    await onAll(async ({ stage, host, repository }) => {
      stage.close()
      await Promise.all([host.close(), repository.close()])
    })
  })

  const playbook = (engine: object, more = ''): string =>
    `- hosts: web\n  tasks:\n    - name: Docker\n      become: true\n      docker.engine: ${JSON.stringify(engine)}\n${more}`
  const process = async ({ host }: Lab): Promise<string> =>
    await host.exec('systemctl show --property MainPID --value docker')
  const installed = async ({ host }: Lab): Promise<readonly string[]> =>
    (
      await host.exec(
        "dpkg-query -W -f '${db:Status-Status} ${Package}\\n' 'docker*' 'containerd*' runc 2>/dev/null || true",
      )
    )
      .split('\n')
      .flatMap((line) => (line.startsWith('installed ') ? [line.slice('installed '.length)] : []))

  it('installs it from the distribution, and the new group counts at once', async () =>
    await onAll(async (lab) => {
      const { suite, host, stage } = lab
      const asUser = '    - name: Used without sudo\n      system.command: { cmd: docker info --format up }\n'
      const { events } = await stage.settle(
        playbook({ source: 'distro', users: ['ubuntu'], daemon: { 'log-driver': 'local' } }, asUser).replace(
          'format up }\n',
          'format up }\n      changed_when: false\n',
        ),
      )
      expect(events.at(-1)).to.deep.include({ type: 'run.done', ok: true })
      expect(await installed(lab)).to.include('docker.io')
      expect(await host.exec('docker info --format {{.LoggingDriver}}')).to.equal('local')
      expect(await host.exec('systemctl is-enabled docker')).to.equal('enabled')
      const compose = await host.exec('docker compose version --short || true')
      expect(compose).to.match(suite === 'bookworm' ? /^$/ : /^2\./)
    }))

  it('lets the daemon take over while it runs what it can, and restarts it for the rest', async () =>
    await onDebian(async (lab) => {
      const { host, stage } = lab
      const first = await process(lab)
      await stage.settle(playbook({ source: 'distro', daemon: { 'log-driver': 'local', labels: ['of=lab'] } }))
      expect(await process(lab)).to.equal(first)
      expect(await host.exec('docker info --format {{.Labels}}')).to.equal('[of=lab]')
      await stage.settle(playbook({ source: 'distro', daemon: { 'log-driver': 'json-file', labels: ['of=lab'] } }))
      expect(await process(lab)).to.not.equal(first)
      expect(await host.exec('docker info --format {{.LoggingDriver}}')).to.equal('json-file')
    }))

  it('restarts a daemon that runs with an older file than the one that is there', async () =>
    await onDebian(async (lab) => {
      const { host, stage } = lab
      const wanted = playbook({ source: 'distro', daemon: { 'log-driver': 'json-file', labels: ['of=lab'] } })
      await host.exec('sleep 1.1; touch /etc/docker/daemon.json')
      const first = await process(lab)
      expect(changes(await stage.plan(wanted)).map(({ task }) => task)).to.deep.equal(['Docker'])
      await stage.settle(wanted)
      expect(await process(lab)).to.not.equal(first)
    }))

  it('refuses a repository whose key is not the one that is trusted, and changes nothing', async () =>
    await onDebian(async (lab) => {
      const { host, repository, stage } = lab
      const before = await installed(lab)
      const { exit, failed } = await stage.apply(playbook({ source: 'docker', repository: repository.address }))
      expect(exit).to.equal(1)
      expect(failed).to.have.length(1)
      expect(failed[0]?.message)
        .to.contain(repository.fingerprint)
        .and.to.contain('9DC858229FC7DD38854AE2D88D81803C0EBFCD88')
      expect(await installed(lab)).to.deep.equal(before)
      expect(await host.exec('ls /etc/apt/keyrings /etc/apt/sources.list.d')).to.not.contain('docker')
    }))

  it('installs it from Docker’s repository instead, and says what has to go', async () =>
    await onAll(async (lab) => {
      const { suite, host, repository, stage } = lab
      const official = playbook({
        source: 'docker',
        repository: repository.address,
        fingerprint: repository.fingerprint,
        users: ['ubuntu'],
        daemon: { 'log-driver': 'local' },
      })
      const [change] = changes(await stage.plan(official))
      const gone = change?.fields.find((field) => (field as { path: string }).path === 'packages')
      expect(gone).to.deep.include({ after: 'removed' })
      await stage.settle(official)
      expect(await installed(lab)).to.include.members([
        'containerd.io',
        'docker-buildx-plugin',
        'docker-ce',
        'docker-ce-cli',
        'docker-compose-plugin',
      ])
      for (const name of ['docker.io', 'containerd', 'runc']) expect(await installed(lab)).to.not.include(name)
      expect(await host.exec('cat /etc/apt/sources.list.d/docker.sources')).to.equal(
        `Types: deb\nURIs: ${repository.address}/${suite === 'noble' ? 'ubuntu' : 'debian'}\nSuites: ${suite}\nComponents: stable\nArchitectures: amd64\nSigned-By: /etc/apt/keyrings/docker.asc`,
      )
      expect(await host.exec('docker info --format {{.LoggingDriver}}')).to.equal('local')
      expect(await host.exec('docker compose version --short')).to.match(/^2\./)
    }))

  it('refuses a host of which it does not know how, and says so', async () => {
    const [lab] = labs
    await lab?.host.exec('sed -i "s/^ID=.*/ID=alpine/" /usr/lib/os-release')
    const { exit, stderr } = (await lab?.stage.apply(playbook({}))) ?? { exit: 0, stderr: '' }
    expect(exit).to.not.equal(0)
    expect(stderr).to.contain('E770').and.contain('Docker is installed on Debian and Ubuntu only; this host is alpine')
  })
})
