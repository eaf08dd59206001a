import { moments } from '../../system/moments.ts'
import { sharedFiles } from './acme.ts'
import { challenges } from './nginx.ts'

/** $1 the site. Lines about the host, nginx, the files (`file PATH BASE64`), the certificate and its timer. */
export const look = `${moments}
name=$1 site=/etc/runner-acme/$1
. /etc/os-release 2>/dev/null
echo "distro \${ID:-unknown} \${VERSION_ID:-0}"
if command -v nginx >/dev/null; then echo "nginx $(nginx -v 2>&1 | sed -n 's|.*nginx/\\([0-9.]*\\).*|\\1|p')"
else echo "candidate $(apt-cache policy nginx 2>/dev/null | sed -n 's/.*Candidate: \\([0-9.]*\\).*/\\1/p')"; fi
for program in nginx dehydrated openssl curl; do command -v "$program" >/dev/null && echo "has $program"; done
for file in "/etc/nginx/conf.d/$name.conf" "$site/dehydrated.conf" "$site/domains.txt" ${sharedFiles.map(({ path }) => path).join(' ')}; do
  [ -r "$file" ] && echo "file $file $(base64 -w0 <"$file")"
done
[ -r "$site/token" ] && echo "token $(sha256sum <"$site/token" | cut -c1-64)"
[ -d "$site" ] && echo there
sed -n 's/^nameserver[ \\t]*\\([0-9a-fA-F.:]*\\).*/resolver \\1/p' /etc/resolv.conf 2>/dev/null
chain=$site/live/fullchain.pem
if [ -r "$chain" ]; then
  issuer=$(cat "$site/live/issuer" 2>/dev/null)
  echo "issuer \${issuer:-self}"
  echo "names $(openssl x509 -noout -ext subjectAltName -in "$chain" 2>/dev/null | tr ',' '\\n' | sed -n 's/.*DNS://p' | sort | tr '\\n' ' ')"
  end=$(openssl x509 -noout -enddate -in "$chain" | sed 's/^[^=]*=//')
  echo "expires $(date -d "$end" +%s)"
fi
echo "now $(date +%s)"
echo "timer $(systemctl is-enabled "runner-acme@$name.timer" 2>/dev/null) $(systemctl is-active "runner-acme@$name.timer" 2>/dev/null)"
echo "running $(systemctl is-active nginx 2>/dev/null)"
echo "enabled $(systemctl is-enabled nginx 2>/dev/null)"
since=$(moment nginx StateChangeTimestamp) && for file in "/etc/nginx/conf.d/$name.conf" "$site/live"; do
  [ -e "$file" ] && [ "$(stamp "$file")" -gt "$since" ] && echo stale
done
exit 0
`

/** $@ packages. */
export const install = `
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }
apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; }
`

/** $1 the site: directories; and until there is a certificate one of its own, so that nginx can start with the site. */
export const prepare = `
set -e
site=/etc/runner-acme/$1
umask 022
mkdir -p /usr/local/lib/runner-acme ${challenges} "$site"
[ ! -e "$site/live/fullchain.pem" ] || exit 0
new=$(mktemp -d "$site/live.XXXXXX")
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout "$new/privkey.pem" -out "$new/fullchain.pem" 2>/dev/null
chmod 0600 "$new/privkey.pem"
ln -sfn -- "\${new##*/}" "$site/live"
`

/** $1 file, $2 what it is to hold. nginx checks the whole of its configuration with it; if that fails, what was there comes back. */
export const putSite = `
file=$1
old=$(mktemp) new=$(mktemp "$1.XXXXXX") || exit
trap 'rm -f "$old" "$new"' EXIT
printf %s "$2" >"$new" && chmod 0644 "$new" || exit
[ -e "$file" ] && cp -p "$file" "$old" && had=y
mv "$new" "$file" || exit
if ! said=$(nginx -t -q 2>&1); then
  if [ "$had" ]; then cp -p "$old" "$file"; else rm -f "$file"; fi
  printf '%s\\n' "$said" >&2
  exit 1
fi
`

/** nginx as it should be now: it reads its files again if it runs. */
export const serve = `
nginx -t -q && systemctl enable --quiet nginx || exit
if systemctl is-active --quiet nginx; then systemctl reload nginx; else systemctl start nginx; fi || { code=$?; journalctl --unit nginx --lines 10 --no-pager --output cat >&2; exit $code; }
`

/** $1 the site. What dehydrated says on the way is kept for when it fails. */
export const issue = `
said=$(/usr/local/lib/runner-acme/renew "$1" 2>&1) || { code=$?; printf '%s\\n' "$said" | grep -v '^$' | tail -n 10 >&2; exit $code; }
printf '%s\\n' "$said"
`

/** $1 the site; with the last one goes what they share. The account with the issuer stays. */
export const remove = `
name=$1
systemctl disable --now --quiet "runner-acme@$name.timer" 2>/dev/null
rm -f "/etc/nginx/conf.d/$name.conf"
if systemctl is-active --quiet nginx; then nginx -t -q && systemctl reload nginx || exit; fi
rm -rf "/etc/runner-acme/$name" "/var/lib/dehydrated/certs/$name"
if rmdir /etc/runner-acme 2>/dev/null; then
  rm -rf /usr/local/lib/runner-acme /etc/systemd/system/runner-acme@.service /etc/systemd/system/runner-acme@.timer
  systemctl daemon-reload
fi
exit 0
`
