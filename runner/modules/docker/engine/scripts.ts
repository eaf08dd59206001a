/** Lines `name value` about the engine. $@: users asked for. */
export const look = `
. /etc/os-release 2>/dev/null
echo "distro \${ID:-unknown} \${VERSION_CODENAME:-}"
if command -v docker >/dev/null; then
  echo "engine $(docker version --format '{{.Server.Version}}' 2>/dev/null || dpkg-query -W -f '\${Version}' docker-ce docker.io 2>/dev/null)"
  compose=$(docker compose version --short 2>/dev/null) && echo "compose $compose"
fi
dpkg-query -W -f '\${db:Status-Status} \${Package}\\n' docker.io docker-ce 2>/dev/null | while read -r status name; do [ "$status" = installed ] && echo "package $name"; done
echo "active $(systemctl is-active docker 2>/dev/null)"
echo "enabled $(systemctl is-enabled docker 2>/dev/null)"
for user in "$@"; do
  case " $(id -Gn -- "$user" 2>/dev/null) " in *' docker '*) echo "member $user" ;; esac
done
[ -r /etc/docker/daemon.json ] && { printf 'daemon '; base64 -w0 </etc/docker/daemon.json; echo; }
exit 0
`

/**
 * Installs. $1 `distro` or `docker`. Names of packages differ by distribution and release: of those that do the same, the first
 * that exists is taken. Docker's repository as https://docs.docker.com/engine/install/debian/ describes it.
 */
export const install = `
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }
. /etc/os-release
case "$ID" in debian|ubuntu) ;; *) echo "Docker is installed on Debian and Ubuntu only; this is $ID" >&2; exit 1 ;; esac
first() { for name in "$@"; do [ "$(apt-cache policy "$name" | awk '$1 == "Candidate:" { print $2 }')" ] && [ "$(apt-cache policy "$name" | awk '$1 == "Candidate:" { print $2 }')" != '(none)' ] && { echo "$name"; return; }; done; }
apt update || exit
if [ "$1" = docker ]; then
  apt install --no-install-recommends ca-certificates curl gnupg || exit
  install -m 0755 -d /etc/apt/keyrings || exit
  curl -fsSL --retry 3 --max-time 60 "https://download.docker.com/linux/$ID/gpg" -o /etc/apt/keyrings/docker.asc.new || exit
  got=$(gpg --show-keys --with-colons /etc/apt/keyrings/docker.asc.new 2>/dev/null | awk -F: '$1 == "fpr" { print $10; exit }')
  if [ "$got" != 9DC858229FC7DD38854AE2D88D81803C0EBFCD88 ]; then
    rm -f /etc/apt/keyrings/docker.asc.new
    echo "the key of download.docker.com has the fingerprint $got, not the one Docker publishes" >&2
    exit 1
  fi
  chmod a+r /etc/apt/keyrings/docker.asc.new && mv /etc/apt/keyrings/docker.asc.new /etc/apt/keyrings/docker.asc || exit
  printf 'Types: deb\\nURIs: https://download.docker.com/linux/%s\\nSuites: %s\\nComponents: stable\\nArchitectures: %s\\nSigned-By: /etc/apt/keyrings/docker.asc\\n' "$ID" "$VERSION_CODENAME" "$(dpkg --print-architecture)" >/etc/apt/sources.list.d/docker.sources || exit
  apt update || exit
  set -- docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin
else
  # in Ubuntu docker-compose-v2, in Debian 13 docker-compose (2.26); that of Debian 12 is the old Compose 1
  set -- docker.io $(first docker-cli) $(first docker-buildx) $(first docker-compose-v2 docker-compose)
fi
apt install --no-install-recommends "$@" iptables
`
