/** $1 `latest` or ''; then names of packages. Status 3: this is no Debian. */
export const look = `
mode=$1
shift
if ! command -v dpkg-query >/dev/null; then . /etc/os-release 2>/dev/null; echo "\${ID:-unknown}" >&2; exit 3; fi
dpkg-query -W -f '\${db:Status-Status} \${binary:Package} \${Version}\\n' -- "$@" 2>/dev/null
if [ "$mode" = latest ]; then apt-cache policy -- "$@" | awk '/^[^ ]/ { name = $1; sub(/:$/, "", name) } $1 == "Candidate:" { print "candidate", name, $2 }'; fi
exit 0
`

/** $1 install or remove; $2 seconds for which lists are new, -1: never fetched; $3 `downgrade` or ''; then what apt-get is given. */
export const act = `
export DEBIAN_FRONTEND=noninteractive
what=$1 valid=$2 downgrade=$3
shift 3
apt() { apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
if [ "$what" = remove ]; then apt remove -- "$@"; exit; fi
install() { apt install --no-install-recommends \${downgrade:+--allow-downgrades} -- "$@"; }
# a list bears the time of the server's file, and their folder is not touched when nothing was new: so this does it
lists=/var/lib/apt/lists
update() { apt update && touch "$lists"; }
new() {
  [ -n "$(find "$lists" -maxdepth 1 -name '*_Packages*' 2>/dev/null | head -n 1)" ] && [ $(($(date +%s) - $(stat -c %Y "$lists"))) -lt "$valid" ]
}
if [ "$valid" -lt 0 ]; then install "$@"; exit; fi
if new; then
  # lists that look new may still be older than the archive: the first attempt may fail
  install "$@" && exit
fi
update && install "$@"
`
