import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { cached } from './cache.ts'

const authorities = '/etc/ssl/certs/ca-certificates.crt'
const hostPackages =
  'systemd,systemd-sysv,dbus,openssh-server,sudo,ca-certificates,curl,gnupg,iproute2,procps,nfs-common,lsb-release,iptables,python3-minimal'

const setUp = [
  'useradd --root "$1" --create-home --shell /bin/bash ubuntu',
  'useradd --root "$1" --create-home --shell /bin/bash limited',
  'useradd --root "$1" --create-home --shell /bin/bash nosudo',
  'echo "limited:limited" | chroot "$1" chpasswd',
  'printf "ubuntu ALL=(ALL) NOPASSWD: ALL\\nlimited ALL=(ALL) ALL\\n" > "$1/etc/sudoers.d/lab"',
  'sed -i "s/.*pam_loginuid.*/# &/" "$1/etc/pam.d/sshd"',
  // containers inside need both; the kernel's settings are mounted read-only at first
  'printf "[Service]\\nType=oneshot\\nExecStart=/bin/sh -c \'mount -o remount,rw /proc/sys; sysctl -w net.ipv6.conf.all.disable_ipv6=0; true\'\\n[Install]\\nWantedBy=sysinit.target\\n[Unit]\\nDefaultDependencies=no\\n" > "$1/etc/systemd/system/lab-sysctl.service"',
  'chroot "$1" systemctl enable lab-sysctl.service',
  // the image that a registry would give, put into Docker as soon as the playbook has installed it
  'mkdir -p "$1/etc/systemd/system/docker.service.d"',
  'printf "[Service]\\nExecStartPost=/bin/sh -c \'docker image inspect node:24-slim >/dev/null 2>&1 || docker import --change \\"ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\\" /srv/node-image.tar node:24-slim\'\\n" > "$1/etc/systemd/system/docker.service.d/lab.conf"',
]

/** Debian 12 or 13. */
export type Suite = 'bookworm' | 'trixie'

/** A root file system of Debian with systemd, sshd and three users: what an instance is made from. */
export async function hostImage(suite: Suite = 'trixie'): Promise<string> {
  const folder = await cached('host-image', { hostPackages, setUp, suite }, async (target) => {
    await execa('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      `--include=${hostPackages}`,
      ...setUp.map((line) => `--customize-hook=${line}`),
      suite,
      join(target, 'root.tar'),
    ])
  })
  return join(folder, 'root.tar')
}

/** A container image with Node and npm, as `node:24-slim` is one. */
export async function nodeImage(): Promise<string> {
  const node = realpathSync(fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url)))
  const { stdout: version } = await execa(node, ['--version'])
  const npm = await npmFolder()
  const folder = await cached(
    'node-image',
    { version, npm, suite: 'trixie', authorities: digestOfFile(authorities) },
    async (target) => {
      const tree = join(target, 'tree', 'usr')
      mkdirSync(join(tree, 'local', 'bin'), { recursive: true })
      cpSync(node, join(tree, 'local', 'bin', 'node'))
      cpSync(npm, join(tree, 'local', 'lib', 'node_modules', 'npm'), {
        recursive: true,
        dereference: true,
      })
      // a machine behind a proxy trusts an authority of its own, and so must what is built on it
      const hooks = [
        `cp ${authorities} "$1${authorities}"`,

        `copy-in ${join(tree, 'local')} /usr`,
        'ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"',
        'useradd --root "$1" --uid 1000 --create-home node',
      ]
      await execa('mmdebstrap', [
        '--quiet',
        '--variant=minbase',
        '--include=ca-certificates,libstdc++6,libatomic1',
        ...hooks.map((hook) => `--customize-hook=${hook}`),
        'trixie',
        join(target, 'node-image.tar'),
      ])
    },
  )
  return join(folder, 'node-image.tar')
}

/** Where the npm is that started this, or else the one in the path. */
async function npmFolder(): Promise<string> {
  const program = process.env['npm_execpath'] ?? (await execa('sh', ['-c', 'command -v npm'])).stdout
  return dirname(dirname(realpathSync(program)))
}

function digestOfFile(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : ''
}
