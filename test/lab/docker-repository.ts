import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { cached } from './cache.ts'
import { startEngine } from './docker.ts'
import { hostImageName } from './host.ts'
import type { Suite } from './images.ts'

/**
 * Docker as the distribution built it, packed again under the names and with the relations of Docker's own packages; in a repository
 * laid out and signed as download.docker.com is, but by a key of the lab. $DISTRO, $SUITE; the result is in /out.
 */
const recipe = `
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
mkdir -p /build/deb /out/linux/$DISTRO/dists/$SUITE/stable/binary-amd64 /out/linux/$DISTRO/pool
cd /build/deb
for name in docker.io docker-cli containerd runc docker-compose docker-compose-v2 docker-buildx tini; do apt-get download "$name" || echo "$SUITE has no $name"; done
pack() { # name, version, relations, then packages whose files are taken; the scripts are those of the first
  name=$1 version=$2 relations=$3; shift 3
  rm -rf /build/tree; mkdir -p /build/tree/DEBIAN
  for from in "$@"; do [ -e "$(echo "$from"_*.deb)" ] && dpkg-deb -x "$from"_*.deb /build/tree; done
  rm -rf /build/control; mkdir /build/control
  [ -e "$(echo "$1"_*.deb)" ] && dpkg-deb -e "$1"_*.deb /build/control
  for script in preinst postinst prerm postrm conffiles; do [ -e /build/control/$script ] && cp /build/control/$script /build/tree/DEBIAN/; done
  printf 'Package: %s\\nVersion: %s\\nArchitecture: amd64\\nMaintainer: Lab <lab@example.com>\\nDescription: %s for the lab\\n%s' "$name" "$version" "$name" "$relations" >/build/tree/DEBIAN/control
  dpkg-deb --root-owner-group -Zgzip -z1 -b /build/tree /out/linux/$DISTRO/pool/ >/dev/null
}
version=5:29.0.0-1~$DISTRO~$SUITE
engine=$(dpkg-deb -f docker.io_*.deb Depends | sed -E 's/(^|, )(containerd|runc|tini|docker-cli)( \\([^)]*\\))?//g; s/^, //')
pack docker-ce "$version" "Depends: containerd.io, docker-ce-cli, $engine
Conflicts: docker.io
Replaces: docker.io, tini
" docker.io tini
pack docker-ce-cli "$version" "Conflicts: docker.io, docker-cli
Replaces: docker-cli, docker.io
" docker-cli
pack containerd.io 2.1.5-1~$DISTRO~$SUITE "Conflicts: containerd, runc
Provides: containerd, runc
Replaces: containerd, runc
" containerd runc
pack docker-buildx-plugin 0.30.0-1~$DISTRO~$SUITE "" docker-buildx
if [ "$SUITE" = bookworm ]; then
  # Debian 12 has no Compose 2; the program of Debian 13 is linked to nothing newer
  sed -i s/bookworm/trixie/g /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true
  apt-get update -q; rm docker-compose_*.deb; apt-get download docker-compose
fi
# in Ubuntu docker-compose is the old Compose 1
[ ! -e "$(echo docker-compose-v2_*.deb)" ] || rm -f docker-compose_*.deb
pack docker-compose-plugin 2.40.0-1~$DISTRO~$SUITE "" docker-compose docker-compose-v2
cd /out/linux/$DISTRO
for file in pool/*.deb; do
  dpkg-deb -f "$file"
  printf 'Filename: %s\\nSize: %s\\nSHA256: %s\\n\\n' "$file" "$(stat -c %s "$file")" "$(sha256sum <"$file" | cut -c1-64)"
done >dists/$SUITE/stable/binary-amd64/Packages
cd dists/$SUITE
{
  printf 'Origin: Docker\\nLabel: Docker CE\\nSuite: %s\\nCodename: %s\\nArchitectures: amd64\\nComponents: stable\\nDate: %s\\nSHA256:\\n' $SUITE $SUITE "$(LC_ALL=C date -Ru)"
  printf ' %s %s stable/binary-amd64/Packages\\n' "$(sha256sum <stable/binary-amd64/Packages | cut -c1-64)" "$(stat -c %s stable/binary-amd64/Packages)"
} >Release
export GNUPGHOME=/build/gnupg
mkdir -m 0700 $GNUPGHOME
gpg --batch --quiet --passphrase '' --quick-generate-key 'Docker of the lab' rsa3072 sign never
gpg --batch --quiet --clearsign --output InRelease Release
gpg --batch --quiet --armor --export >/out/linux/$DISTRO/gpg
gpg --list-keys --with-colons | awk -F: '$1 == "fpr" { print $10; exit }' >/out/fingerprint
chmod -R a+rX /out
`

/** What plays download.docker.com for hosts of the lab. */
export interface DockerRepository {
  /** For `repository:`. */
  readonly address: string
  readonly fingerprint: string
  close(): Promise<void>
}

/** Its files, made once. */
export async function repositoryFiles(suite: Suite): Promise<string> {
  const engine = await startEngine()
  return await cached(`docker-repository-${suite}`, { recipe, suite }, async (target) => {
    const image = await hostImageName(engine, suite)
    const distro = suite === 'noble' ? 'ubuntu' : 'debian'
    const names = ['--env', `SUITE=${suite}`, '--env', `DISTRO=${distro}`]
    const run = ['run', '--rm', ...names, '--volume', `${target}:/out`, image, 'sh', '-c', recipe]
    await engine.docker(...run)
  })
}

/** Serves it at an address of this machine that hosts reach. */
export async function startDockerRepository(suite: Suite, at: string): Promise<DockerRepository> {
  const folder = await repositoryFiles(suite)
  const server = createServer((request, response) => {
    const file = join(folder, normalize(`/${decodeURIComponent(request.url ?? '')}`))
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end()
    createReadStream(file).pipe(response)
  }).listen(0, at)
  await once(server, 'listening')
  return {
    address: `http://${at}:${(server.address() as AddressInfo).port}/linux`,
    fingerprint: readFileSync(join(folder, 'fingerprint'), 'utf8').trim(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
