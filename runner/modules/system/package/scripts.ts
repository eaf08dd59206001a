/** $1 `latest` or ''; then names of packages. Status 3: this is no Debian. */
export const look = `
mode=$1
shift
if ! command -v dpkg-query >/dev/null; then . /etc/os-release 2>/dev/null; echo "\${ID:-unknown}" >&2; exit 3; fi
dpkg-query -W -f '\${db:Status-Status} \${binary:Package} \${Version} \${db:Status-Want}\\n' -- "$@" 2>/dev/null
if [ "$mode" = latest ]; then apt-cache policy -- "$@" | awk '/^[^ ]/ { name = $1; sub(/:$/, "", name) } $1 == "Candidate:" { print "candidate", name, $2 }'; fi
exit 0
`

/** $1 install, remove or purge; $2 seconds for which lists are new, -1: never fetched; $3 options with commas: `downgrade`, `recommends`, `autoremove`; $4 hold, unhold or ''; then what apt-get is given. Those that are only to be held are given, too. */
export const act = `
export DEBIAN_FRONTEND=noninteractive
what=$1 valid=$2 options=,$3, hold=$4
shift 4
has() { case $options in *,$1,*) ;; *) return 1 ;; esac; }
apt() { apt-get -q -y -o APT::Status-Fd=1 -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"; }
if [ "$what" != install ]; then apt "$what" $(has autoremove && echo --auto-remove) -- "$@"; exit; fi
install() {
  apt install $(has recommends && echo --install-recommends || echo --no-install-recommends) $(has downgrade && echo --allow-downgrades) --allow-change-held-packages -- "$@" && held "$@"
}
held() { [ -z "$hold" ] || { for one; do printf '%s\\n' "\${one%%=*}"; done | xargs apt-mark "$hold"; }; }
if [ "$what" = install ] && has only-hold; then held "$@"; exit; fi
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
