import { moments } from '../../system/moments.ts'

/** What the distributions call what stands in the way of Docker’s own packages (https://docs.docker.com/engine/install/debian/). */
const distroPackages =
  'docker.io docker-cli docker-buildx docker-compose docker-compose-v2 docker-doc podman-docker containerd runc'
const dockerPackages = 'docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin'

/** Lines `name value` about the engine. $@: users asked for. */
export const look = `${moments}
. /etc/os-release 2>/dev/null
echo "distro \${ID:-unknown} \${VERSION_ID:-0} \${UBUNTU_CODENAME:-\${VERSION_CODENAME:-none}} $(dpkg --print-architecture 2>/dev/null)"
where=$(command -v docker) && case $(readlink -f "$where") in
  */snap*) echo snap ;;
  *)
    echo "engine $(docker version --format '{{.Server.Version}}' 2>/dev/null || dpkg-query -W -f '\${Version}' docker-ce docker.io 2>/dev/null)"
    compose=$(docker compose version --short 2>/dev/null) && echo "compose $compose"
    ;;
esac
dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' docker-ce ${distroPackages} 2>/dev/null | while read -r status name; do
  case "$status $name" in
    'installed docker-ce' | 'installed docker.io') echo "package $name" ;;
  esac
  case "$status $name" in installed\\ docker-ce) ;; installed\\ *) echo "conflicting $name" ;; esac
done
echo "active $(systemctl is-active docker 2>/dev/null)"
echo "enabled $(systemctl is-enabled docker 2>/dev/null)"
for user in "$@"; do
  case " $(id -Gn -- "$user" 2>/dev/null) " in *' docker '*) echo "member $user" ;; esac
done
if [ -r /etc/docker/daemon.json ]; then
  printf 'daemon '; base64 -w0 </etc/docker/daemon.json; echo
  # when it last started or was told to read its file again
  since=$(moment docker StateChangeTimestamp) && [ "$(stamp /etc/docker/daemon.json)" -gt "$since" ] && echo stale
fi
[ -r /etc/apt/sources.list.d/docker.sources ] && { printf 'sources '; base64 -w0 </etc/apt/sources.list.d/docker.sources; echo; }
# without a keyring and a file of trust gpg needs no home
[ -r /etc/apt/keyrings/docker.asc ] && command -v gpg >/dev/null &&
  gpg --homedir /nonexistent --no-keyring --trust-model always --show-keys --with-colons /etc/apt/keyrings/docker.asc 2>/dev/null | awk -F: '$1 == "pub" { own = 1 } $1 == "fpr" && own { print "fingerprint", $10; own = 0 }'
exit 0
`

const shared = `
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }
. /etc/os-release
case "$ID" in debian|ubuntu) ;; *) echo "Docker is installed on Debian and Ubuntu only; this is $ID" >&2; exit 1 ;; esac
`

/**
 * Adds Docker's repository as https://docs.docker.com/engine/install/debian/ (and ubuntu) describes it. $1 its address, $2 fingerprint of
 * the key, $3 the file of sources. A file with more than the one key is refused, because apt would trust each of them.
 */
export const addRepository = `${shared}
if ! { command -v curl && command -v gpg && [ -e /etc/ssl/certs/ca-certificates.crt ]; } >/dev/null; then
  apt update && apt install --no-install-recommends ca-certificates curl gpg || exit
fi
install -m 0755 -d /etc/apt/keyrings || exit
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
curl -fsSL --retry 3 --connect-timeout 20 --max-time 120 "$1/$ID/gpg" -o "$work/docker.asc" || { echo "the key $1/$ID/gpg cannot be fetched" >&2; exit 1; }
got=$(gpg --homedir "$work" --no-keyring --trust-model always --show-keys --with-colons "$work/docker.asc" 2>/dev/null | awk -F: '$1 == "pub" { own = 1 } $1 == "fpr" && own { printf "%s%s", sep, $10; sep = " "; own = 0 }')
if [ "$got" != "$2" ] || [ "$(grep -c -e '-----BEGIN' "$work/docker.asc")" -ne 1 ]; then
  echo "the key at $1/$ID/gpg has the fingerprint \${got:-(it is no key)}, but $2 is trusted: nothing was installed" >&2
  exit 1
fi
chmod 0644 "$work/docker.asc" && mv "$work/docker.asc" /etc/apt/keyrings/docker.asc || exit
printf '%s' "$3" >"$work/docker.sources" && chmod 0644 "$work/docker.sources" && mv "$work/docker.sources" /etc/apt/sources.list.d/docker.sources || exit
# what the documentation used to say; apt refuses one repository with two keyrings
rm -f /etc/apt/sources.list.d/docker.list
apt update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/docker.sources -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
`

/**
 * Installs. $1 \`distro\` or \`docker\`. Names of packages differ by distribution and release: of those that do the same, the first that
 * exists is taken. The packages of the other side go in the same transaction; should anything else have to go for it, nothing is done.
 */
export const install = `${shared}
candidate() { case $(apt-cache policy "$1" | awk '$1 == "Candidate:" { print $2 }') in ''|'(none)') return 1 ;; esac; }
first() { for name in "$@"; do if candidate "$name"; then echo "$name"; return; fi; done; }
here() { dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' "$@" 2>/dev/null | sed -n 's/^installed //p'; }
apt update || exit
if [ "$1" = docker ]; then
  other=$(here ${distroPackages})
  set -- ${dockerPackages}
else
  other=$(here ${dockerPackages})
  # in Ubuntu docker-compose-v2, in Debian 13 docker-compose; that of Debian 12 is the old Compose 1
  compose=docker-compose
  [ "$ID" = debian ] && [ "\${VERSION_ID:-13}" -lt 13 ] && compose=
  set -- docker.io $(first docker-cli) $(first docker-buildx) $(first docker-compose-v2 $compose)
fi
for name in $other; do set -- "$@" "$name-"; done
going=$(apt -s install --no-install-recommends "$@" iptables) || { printf '%s\\n' "$going" >&2; exit 1; }
for name in $(printf '%s\\n' "$going" | awk '$1 == "Remv" { print $2 }'); do
  case " $(echo $other) " in *" $name "*) ;; *) unwilling="$unwilling $name" ;; esac
done
if [ "$unwilling" ]; then
  echo "to install Docker apt would also remove$unwilling: remove it yourself first, or take the other \\\`source\\\`" >&2
  exit 1
fi
# Ubuntu leaves the socket open in name only when its package goes, and the next daemon finds none to listen at
[ -z "$other" ] || systemctl stop docker.socket docker.service 2>/dev/null
apt install --no-install-recommends "$@" iptables || {
  code=$?
  [ -z "$other" ] || systemctl start docker 2>/dev/null
  exit $code
}
`

/** $1 what systemctl is told about it; of a failure, what the daemon said last. */
export const control = `
systemctl reset-failed docker 2>/dev/null
systemctl "$1" docker || { code=$?; journalctl --unit docker --lines 10 --no-pager --output cat >&2; exit $code; }
`

/** $1 a new daemon.json: engines before 23.0 cannot check it themselves. */
export const validate = 'dockerd --help 2>&1 | grep -q -e --validate || exit 0; dockerd --validate --config-file "$1"'
