import { readFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cached } from '../../lab/cache.ts'
import { missingParts, startEngine, type Engine } from '../../lab/docker.ts'

/** Plain sshd hosts on a bridge of their own, whose bytes are counted and whose round trip can be made longer. */
export interface Hosts {
  readonly addresses: readonly string[]
  readonly key: string
  /** Where known_hosts, settings of the peers and the like are written. */
  readonly folder: string
  /** Runs a shell command as root on each host, beside all that is measured. */
  everywhere(command: string): Promise<void>
  /** Bytes over the bridge so far, both ways. */
  bytes(): number
  /** Makes every round trip longer by so many milliseconds; 0: as it was. */
  delay(milliseconds: number): Promise<void>
  close(): Promise<void>
}

const network = 'runner-bench'
const bridge = 'runner-bench0'
const packages = 'openssh-server,sudo,ca-certificates,python3-minimal,python3-apt'
const setUp = [
  'useradd --root "$1" --create-home --shell /bin/bash --password "*" ubuntu',
  'printf "ubuntu ALL=(ALL) NOPASSWD: ALL\\n" > "$1/etc/sudoers.d/bench"',
]

export async function startHosts(count: number): Promise<Hosts> {
  const missing = await missingParts()
  if (missing !== undefined) throw new Error(missing)
  const engine = await startEngine()
  const image = await hostsImage(engine)
  const known = await engine.docker('network', 'ls', '--quiet', '--filter', `name=^${network}$`)
  if (known === '')
    await engine.docker(
      'network',
      'create',
      '--opt',
      `com.docker.network.bridge.name=${bridge}`,
      '--subnet',
      '172.31.240.0/22',
      network,
    )
  const folder = mkdtempSync(join(tmpdir(), 'bench-hosts-'))
  const key = join(folder, 'key')
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const ids = await inTurns(Array.from({ length: count }), async () => await startOne(engine, image, `${key}.pub`))
  const addresses = await inTurns(
    ids,
    async (id) =>
      await engine.docker('inspect', '--format', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, id),
  )
  await sleep(1000)
  return {
    addresses,
    key,
    folder,
    everywhere: async (command) => {
      await inTurns(ids, async (id) => await engine.docker('exec', id, 'sh', '-c', command))
    },
    bytes: () => counter('rx_bytes') + counter('tx_bytes'),
    async delay(milliseconds) {
      const tc = async (...words: readonly string[]): Promise<unknown> => await execa('tc', ['qdisc', ...words])
      await tc('del', 'dev', bridge, 'root').catch(() => undefined)
      if (milliseconds > 0) await tc('add', 'dev', bridge, 'root', 'netem', 'delay', `${milliseconds}ms`)
    },
    async close() {
      await inTurns(ids, async (id) => await engine.docker('rm', '--force', id))
      await engine.docker('network', 'rm', network).catch(() => '')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function hostsImage(engine: Engine): Promise<string> {
  const folder = await cached('bench-image', { packages, setUp, suite: 'trixie' }, async (target) => {
    await execa('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      `--include=${packages}`,
      ...setUp.map((line) => `--customize-hook=${line}`),
      'trixie',
      join(target, 'root.tar'),
    ])
  })
  const image = `runner-bench:${folder.split('-').at(-1) ?? 'host'}`
  if ((await engine.docker('images', '--quiet', image)) === '')
    await engine.docker('import', join(folder, 'root.tar'), image)
  return image
}

async function startOne(engine: Engine, image: string, publicKey: string): Promise<string> {
  return await engine.docker(
    'run',
    '--detach',
    '--rm',
    '--network',
    network,
    '--cap-add',
    'AUDIT_WRITE',
    '--volume',
    `${publicKey}:/etc/ssh/bench.pub:ro`,
    image,
    'sh',
    '-c',
    'mkdir -p /run/sshd; exec /usr/sbin/sshd -D -o StrictModes=no -o AuthorizedKeysFile=/etc/ssh/bench.pub -o MaxStartups=200 -o UsePAM=no',
  )
}

function counter(name: string): number {
  return Number(readFileSync(`/sys/class/net/${bridge}/statistics/${name}`, 'utf8'))
}

/** Some at a time: the engine serves a hundred at once badly. */
async function inTurns<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<readonly B[]> {
  const results: B[] = []
  for (let next = 0; next < items.length; next += 8)
    results.push(...(await Promise.all(items.slice(next, next + 8).map(work))))
  return results
}
