import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
  // wrong keys are tried on purpose, and every test comes from the same address (sshd_config(5), from OpenSSH 9.8 on)
  'if grep -qi persourcepenalties "$1/usr/sbin/sshd"; then echo "PerSourcePenalties no" > "$1/etc/ssh/sshd_config.d/lab-penalties.conf"; fi',
  // no host of the lab outlives its test: nothing has to be on the disk (dpkg(1)), and nobody reads translations
  'echo force-unsafe-io > "$1/etc/dpkg/dpkg.cfg.d/lab"; echo \'Acquire::Languages "none";\' > "$1/etc/apt/apt.conf.d/90lab"',
  // containers inside need both; the kernel's settings are mounted read-only at first
  'printf "[Service]\\nType=oneshot\\nExecStart=/bin/sh -c \'mount -o remount,rw /proc/sys; sysctl -w net.ipv6.conf.all.disable_ipv6=0; true\'\\n[Install]\\nWantedBy=sysinit.target\\n[Unit]\\nDefaultDependencies=no\\n" > "$1/etc/systemd/system/lab-sysctl.service"',
  'chroot "$1" systemctl enable lab-sysctl.service',
  // the image that a registry would give, put into Docker as soon as the playbook has installed it
  'mkdir -p "$1/etc/systemd/system/docker.service.d"',
  'printf "[Service]\\nExecStartPost=/bin/sh -c \'docker image inspect node:24-slim >/dev/null 2>&1 || docker import --change \\"ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\\" /srv/node-image.tar node:24-slim\'\\n" > "$1/etc/systemd/system/docker.service.d/lab.conf"',
]

/** Debian 12 or 13, or Ubuntu 24.04. */
export type Suite = 'bookworm' | 'trixie' | 'noble'

/** A root file system with systemd, sshd and three users: what an instance is made from. */
export async function hostImage(suite: Suite = 'trixie'): Promise<string> {
  const folder = await cached(
    'host-image',
    { hostPackages, setUp, suite, ...(suite === 'noble' && { asUbuntu }) },
    async (target) => {
      const debootstrap = async (options: readonly string[], mirror: readonly string[]): Promise<unknown> =>
        await execa('mmdebstrap', [
          '--quiet',
          '--variant=minbase',
          `--include=${hostPackages}`,
          ...options,
          ...setUp.map((line) => `--customize-hook=${line}`),
          options === dressed ? 'trixie' : suite,
          join(target, 'root.tar'),
          ...mirror,
        ])
      if (suite === 'noble' && !(await reachable(`${ubuntu}/dists/noble/InRelease`))) await debootstrap(dressed, [])
      else if (suite === 'noble')
        await withUbuntuKeys(async (keyring) => await debootstrap([`--keyring=${keyring}`, ...asUbuntu], [ubuntu]))
      else await debootstrap([], [])
    },
  )
  return join(folder, 'root.tar')
}

const ubuntu = 'http://archive.ubuntu.com/ubuntu'
/** Debian has no keys of Ubuntu: their package is fetched, and known by its digest. */
const ubuntuKeys = {
  file: 'pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb',
  sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
}

/** What Ubuntu's own images have beside: apt, which is not required there, and where it looks (deb822). */
const asUbuntu = [
  '--components=main,universe',
  '--include=apt,ubuntu-keyring',
  `--customize-hook=rm -f "$1/etc/apt/sources.list"; printf 'Types: deb\nURIs: ${ubuntu}\nSuites: noble\nComponents: main universe\nSigned-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg\n' >"$1/etc/apt/sources.list.d/ubuntu.sources"`,
]

/** Where Ubuntu's archive is out of reach, Debian plays it: by what it says of itself, and what modules ask of that. */
const dressed = [
  `--customize-hook=printf 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\nPRETTY_NAME="Debian 13 in the dress of Ubuntu 24.04"\n' >"$1/usr/lib/os-release"`,
]

async function reachable(address: string): Promise<boolean> {
  return (
    (await execa('curl', ['-fsS', '--max-time', '30', '-o', '/dev/null', address], { reject: false })).exitCode === 0
  )
}

async function withUbuntuKeys(use: (keyring: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-keys-'))
  // apt reads it as a user of its own
  chmodSync(folder, 0o755)
  const file = join(folder, 'keys.deb')
  await execa('curl', ['-fsS', '--retry', '3', '-o', file, `${ubuntu}/${ubuntuKeys.file}`])
  if (digestOfFile(file) !== ubuntuKeys.sha256) throw new Error(`${ubuntu}/${ubuntuKeys.file} is another one`)
  await execa('dpkg-deb', ['-x', file, folder])
  await use(join(folder, 'usr/share/keyrings/ubuntu-archive-keyring.gpg'))
  rmSync(folder, { recursive: true })
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
