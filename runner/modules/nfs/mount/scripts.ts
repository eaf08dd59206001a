import { tableFunctions } from '../../system/fstab.ts'

/** $1 path as the tables write it. The mounted directory itself is not touched: with a server that is away this would hang. */
export const look = `${tableFunctions}
entry=$(entries 2 "$1" | tail -n 1)
[ -z "$entry" ] || printf 'entry %s\\n' "$entry"
live=$(mounts "$1")
[ -z "$live" ] || printf 'live %s\\n' "$live"
for name in mount.nfs4 mount.efs; do [ -x "/sbin/$name" ] && echo "has $name"; done
[ -r /etc/os-release ] && (. /etc/os-release; echo "distro \${ID:-unknown}")
exit 0
`

/** $1 the package that mounts. */
export const install = `
export DEBIAN_FRONTEND=noninteractive
command -v apt-get >/dev/null || { echo "$1 is missing, and can be installed on Debian and Ubuntu only" >&2; exit 1; }
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }
apt install --no-install-recommends "$1" || { apt update && apt install --no-install-recommends "$1"; } || {
  [ "$1" != amazon-efs-utils ] || echo 'neither Debian nor Ubuntu has amazon-efs-utils: build its package (github.com/aws/efs-utils), or leave out tls' >&2
  exit 1
}
`

/**
 * $1 path, $2 server, $3 port or '', $4 seconds. A mount of a server that is away hangs, and soft mounting is no remedy, so first the
 * name and the port are waited for (that of EFS is known only some minutes after its mount target is there), and the mount is cut.
 */
export const mount = `
path=$1 server=$2 port=$3 limit=$4
end=$(( $(date +%s) + limit ))
mkdir -p "$path" || exit
grep -q nfs4 /proc/filesystems || modprobe nfs 2>/dev/null || { echo 'the kernel of this host has no NFS client' >&2; exit 1; }
while [ "$port" ]; do
  if ! getent ahosts "$server" >/dev/null; then why="the name $server is not known"
  elif timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$server" "$port" 2>/dev/null; then break
  else why="$server does not answer at port $port: does its security group let this host in?"; fi
  if [ "$(date +%s)" -ge "$end" ]; then echo "waited $limit s: $why" >&2; exit 1; fi
  sleep 2
done
left=$(( end - $(date +%s) ))
[ "$left" -ge 5 ] || left=5
timeout -k 5 "$left" mount "$path"
code=$?
if [ $code -eq 124 ] || [ $code -eq 137 ]; then
  echo "the NFS server $server did not answer within $limit s, though its port does: it hangs, or is no NFS server" >&2
fi
exit $code
`

/** $1 path. A server that is away must not keep it: after some seconds it is taken from the tree, and vanishes when nobody uses it. */
export const unmount = `
out=$(timeout -k 5 30 umount "$1" 2>&1) && exit 0
code=$?
if [ $code -eq 124 ] || [ $code -eq 137 ]; then
  # it may be out of the tree by now and only wait for the server
  out=$(timeout -k 5 30 umount -f -l "$1" 2>&1) && exit 0
  code=$?
  case $out in *'not mounted'*) exit 0 ;; esac
fi
case $out in *busy*)
  for process in $(find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/fd -maxdepth 1 \\( -lname "$1" -o -lname "$1/*" \\) 2>/dev/null | cut -d / -f 3 | sort -u | head -n 5); do
    users="$users $process ($(tr '\\0' ' ' <"/proc/$process/cmdline" | cut -c1-60))"
  done
  ;;
esac
echo "$out\${users:+; it is used by$users}" >&2
exit $code
`
