import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { imported, startEngine } from './docker.ts'

/** An NFSv4.1 server in user space, as EFS is one: NFS-Ganesha in a container. */
export interface NfsServer {
  readonly address: string
  /** Runs a command where the files are, in /export. */
  exec(command: string): Promise<string>
  /** It hangs: what is sent to it arrives, and is not answered. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  close(): Promise<void>
}

const packages = 'nfs-ganesha,nfs-ganesha-vfs'
const configuration = `
NFS_CORE_PARAM { Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; allow_set_io_flusher_fail = true; }
NFSv4 { Graceless = true; Lease_Lifetime = 60; RecoveryBackend = fs; Minor_Versions = 1; }
EXPORT { Export_Id = 1; Path = /export; Pseudo = /; Access_Type = RW; Squash = No_Root_Squash; SecType = sys; Transports = TCP; FSAL { Name = VFS; } }
`

/** The server's image, made once. */
export async function nfsImage(): Promise<string> {
  const engine = await startEngine()
  const folder = await cached('nfs-image', { packages, suite: 'trixie' }, async (target) => {
    const words = ['--quiet', '--variant=minbase', `--include=${packages}`, 'trixie', join(target, 'root.tar')]
    await execa('mmdebstrap', words)
  })
  return await imported(engine, join(folder, 'root.tar'), 'runner-lab-nfs')
}

export async function startNfsServer(): Promise<NfsServer> {
  const [engine, image] = await Promise.all([startEngine(), nfsImage()])
  const work = mkdtempSync(join(tmpdir(), 'runner-nfs-'))
  writeFileSync(join(work, 'ganesha.conf'), configuration)
  // handles of files need a capability and a system call that containers do not have
  const id = await engine.docker(
    'run',
    '--detach',
    '--rm',
    '--label',
    'runner-lab',
    '--cap-add',
    'DAC_READ_SEARCH',
    '--security-opt',
    'seccomp=unconfined',
    '--volume',
    '/export',
    '--volume',
    `${work}/ganesha.conf:/etc/ganesha/ganesha.conf:ro`,
    image,
    'sh',
    '-c',
    'mkdir -p /run/rpcbind /run/ganesha /var/lib/nfs/ganesha; exec ganesha.nfsd -F -L STDOUT -N EVENT',
  )
  const address = await engine.docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    id,
  )
  for (let left = 60; ; left--) {
    const log = await engine.docker('logs', id)
    if (log.includes('NFS SERVER INITIALIZED')) break
    if (left === 0) throw new Error(`NFS-Ganesha does not start: ${log.slice(-500)}`)
    await sleep(500)
  }
  return {
    address,
    exec: async (command) => await engine.docker('exec', id, 'sh', '-c', command),
    freeze: async () => void (await engine.docker('pause', id)),
    thaw: async () => void (await engine.docker('unpause', id)),
    async close() {
      await engine.docker('rm', '--force', '--volumes', id).catch(() => '')
      rmSync(work, { recursive: true, force: true })
    },
  }
}
