import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'

const packages =
  'systemd,systemd-sysv,dbus,udev,openssh-server,sudo,iproute2,kmod,procps,nfs-common,linux-image-cloud-amd64,zstd'
const setUp = [
  'useradd --root "$1" --create-home --shell /bin/bash ubuntu',
  'echo "ubuntu ALL=(ALL) NOPASSWD: ALL" > "$1/etc/sudoers.d/lab"',
  'echo 127.0.1.1 vm > "$1/etc/hosts"; echo vm > "$1/etc/hostname"',
  'printf "[Match]\\nName=eth*\\n[Network]\\nAddress=10.0.2.15/24\\nGateway=10.0.2.2\\n" > "$1/etc/systemd/network/lab.network"',
  'chroot "$1" systemctl enable systemd-networkd',
  // nothing waits for it here, and each of them costs a second on an emulated processor
  'chroot "$1" systemctl mask systemd-networkd-wait-online nfs-blkmap apt-daily.timer apt-daily-upgrade.timer e2scrub_reap serial-getty@ttyS0 getty@tty1 man-db.timer',
]

export interface MachineImage {
  readonly disk: string
  readonly kernel: string
  readonly initrd: string
}

/** A disk and a kernel of Debian: of a host whose kernel has what that of this machine may lack, such as an NFS client. */
export async function machineImage(): Promise<MachineImage> {
  const folder = await cached('machine-image', { packages, setUp, suite: 'trixie' }, async (target) => {
    const tree = join(target, 'tree')
    mkdirSync(tree)
    await execa('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      `--include=${packages}`,
      ...setUp.map((line) => `--customize-hook=${line}`),
      `--customize-hook=copy-out /boot ${target}`,
      'trixie',
      join(target, 'root.tar'),
    ])
    await execa('tar', ['-C', tree, '-xf', join(target, 'root.tar')])
    await execa('truncate', ['-s', '2G', join(target, 'disk')])
    await execa('mkfs.ext4', ['-q', '-d', tree, join(target, 'disk')])
    for (const name of ['tree', 'root.tar']) rmSync(join(target, name), { recursive: true })
  })
  const boot = join(folder, 'boot')
  const find = (start: string): string => join(boot, readdirSync(boot).find((name) => name.startsWith(start)) ?? start)
  return { disk: join(folder, 'disk'), kernel: find('vmlinuz-'), initrd: find('initrd.img-') }
}
