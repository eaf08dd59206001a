import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { execa } from 'execa'
import { missingParts } from '../lab/docker.ts'
import { startDockerRepository, type DockerRepository } from '../lab/docker-repository.ts'
import { startHost, type Host } from '../lab/host.ts'
import type { Suite } from '../lab/images.ts'
import { changes } from '../lab/runner.ts'
import { pieces, playbookOf, type Piece } from './modules-playbook.ts'
import { makeStage, type Stage } from './playing.ts'

for (const suite of ['bookworm', 'trixie'] as const) onHost(suite)

/** One playbook over all modules that change a host: each step starts from what the one before has left. */
function onHost(suite: Suite): void {
  describe(`the modules of a host, on ${suite}`, function () {
    this.timeout(20 * 60_000)
    let host: Host
    let repository: DockerRepository
    let server: Server
    let stage: Stage
    let files: string
    let list: readonly Piece[]
    let playbook: string
    let served = 'one\n'

    before(async () => {
      const missing = await missingParts()
      if (missing !== undefined) throw new Error(missing)
      host = await startHost({ suite })
      repository = await startDockerRepository(suite, host.gateway)
      files = await makeFiles()
      server = createServer((request, response) => {
        if (request.url === '/ready') return void response.end('{"ready": "yes"}')
        if (request.url === '/app.tar.gz') return void response.end(readFileSync(join(files, 'app.tar.gz')))
        if (request.headers['x-token'] !== 'a "b" \\c') return void response.writeHead(403).end()
        response.writeHead(200, { ETag: `"${served.length}"`, 'Content-Length': served.length })
        response.end(request.method === 'HEAD' ? undefined : served)
      }).listen(0, host.gateway)
      await once(server, 'listening')
      await host.exec('cp /etc/os-release /etc/os-release.copy')
      stage = makeStage(host)
      list = pieces({
        files,
        suite,
        server: `http://${host.gateway}:${(server.address() as AddressInfo).port}`,
        repository,
        archiveDigest: createHash('sha256')
          .update(readFileSync(join(files, 'app.tar.gz')))
          .digest('hex'),
      })
      playbook = playbookOf(list)
    })
    after(async () => {
      stage?.close()
      server?.close()
      if (files) rmSync(files, { recursive: true, force: true })
      await Promise.all([host?.close(), repository?.close()])
    })

    it('brings all of it about, and plans nothing the second time', async () => {
      await stage.settle(playbook)
    })

    it('has done what was asked for', async () => {
      expect(await host.exec('cat /srv/got /srv/once')).to.equal('one\nran /srv/once')
      expect(await host.exec("stat -c '%a %U %G' '/srv/it'\"'\"'s a \"dir\" $(id)'")).to.equal('2750 ana deploy')
      expect(await host.exec('grep -A4 BEGIN /srv/it*/conf')).to.contain('two $(id) `id`')
      expect(await host.exec('stat -c %i /srv/hard')).to.equal(await host.exec('stat -c %i /etc/os-release.copy'))
      expect(await host.exec('systemctl start tick.service && cat /run/tick')).to.equal('x "y" $z 50%\nq')
      expect(
        await host.exec('stat -c "%U %n" "/srv/app release" "/srv/app release/inside" /srv/other/app/inside'),
      ).to.equal('ana /srv/app release\nana /srv/app release/inside\nroot /srv/other/app/inside')
      expect(await host.exec('apt-cache policy docker-ce | grep -c "5:29"')).to.not.equal('0')
      expect(await host.exec('cat /srv/job; ls -d /srv/*.unpack* /srv/*.archive* 2>/dev/null || true')).to.equal(
        'did /bin/sh',
      )
      expect(await host.exec('cat /proc/swaps')).to.contain('swap\\040file')
      expect(
        await host.exec('runuser -u ana -- touch /srv/bound/x 2>&1 || true; touch /srv/bound/x 2>&1 || true'),
      ).to.contain('Read-only')
    })

    it('sees what somebody changed behind its back, each thing by its field, and mends it', async () => {
      for (const { drift } of list) if (drift !== undefined) await host.exec(drift)
      const plan = await stage.plan(playbook)
      const drifted = list.flatMap(({ task, seen }) => (seen ? [[task, ...seen]] : []))
      expect(
        changes(plan).map(({ task, fields }) => [task, ...fields.map((field) => (field as { path: string }).path)]),
      ).to.have.deep.members(drifted)
      await stage.settle(playbook)
    })

    it('follows a server that has another file now', async () => {
      served = 'another\n'
      const { changed } = await stage.settle(playbook)
      expect(changed).to.deep.equal(['Download'])
      expect(await host.exec('cat /srv/got')).to.equal('another')
    })

    it('refuses a key that is not the one, and leaves apt as it was', async () => {
      const wrong = playbook.replace(repository.fingerprint, '0'.repeat(40))
      const { failed } = await stage.apply(wrong)
      expect(failed.map(({ task }) => task)).to.deep.equal(['Repository'])
      expect(failed[0]?.message).to.contain(repository.fingerprint)
      await stage.settle(playbook)
    })

    it('takes away what it has put there', async () => {
      const { exit, stderr } = await stage.destroy(playbook)
      expect(exit, stderr).to.equal(0)
      for (const { task, gone } of list) {
        if (gone === undefined) continue
        expect(await host.exec(`if (${gone}) >/dev/null 2>&1; then echo there; fi`), task).to.equal('')
      }
    })
  })
}

/** What is sent: a tree, an archive and a script. */
async function makeFiles(): Promise<string> {
  const files = mkdtempSync(join(tmpdir(), 'runner-files-'))
  mkdirSync(join(files, 'tree', 'a'), { recursive: true })
  writeFileSync(join(files, 'tree', 'a', 'file'), 'text\n')
  writeFileSync(join(files, 'tree', "it's $(id)\n"), '')
  mkdirSync(join(files, 'app'))
  writeFileSync(join(files, 'app', 'inside'), 'text\n')
  await execa('tar', ['-czf', join(files, 'app.tar.gz'), '-C', files, 'app'])
  writeFileSync(join(files, 'once.sh'), '#!/bin/sh\nprintf "ran %s\\n" "$1" >"$1"\n')
  chmodSync(join(files, 'once.sh'), 0o600)
  return files
}
