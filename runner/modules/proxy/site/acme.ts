import { challenges } from './nginx.ts'

/**
 * The client is dehydrated: in Debian and Ubuntu alike and cared for in both (0.7.2 in Debian 13, where lego is one of 2022), a shell
 * script with curl and openssl, where certbot brings Python and forty packages; its hook serves any DNS. It is told everything in a
 * file of the site's own, so sites do not disturb each other; the account is shared, because issuers limit how many are made.
 */
export interface Acme {
  readonly names: readonly string[]
  readonly server: string
  readonly dns: boolean
  readonly dnsWait: number
  readonly email?: string
  readonly caFile?: string
}

export const programs = '/usr/local/lib/runner-acme'

export function folderOf(name: string): string {
  return `/etc/runner-acme/${name}`
}

/** Settings of dehydrated (docs/examples/config of its sources). */
export function settingsFile(name: string, acme: Acme): string {
  return [
    '# Written by runner: changes made here are lost.',
    `CA="${acme.server}"`,
    'BASEDIR=/var/lib/dehydrated',
    'CERTDIR=/var/lib/dehydrated/certs',
    'ACCOUNTDIR=/var/lib/dehydrated/accounts',
    `WELLKNOWN=${challenges}`,
    `DOMAINS_TXT=${folderOf(name)}/domains.txt`,
    `CHALLENGETYPE=${acme.dns ? 'dns-01' : 'http-01'}`,
    `HOOK=${programs}/hook`,
    'KEY_ALGO=prime256v1',
    'AUTO_CLEANUP=yes',
    `DNS_WAIT=${acme.dnsWait}`,
    ...(acme.email === undefined ? [] : [`CONTACT_EMAIL="${acme.email}"`]),
    ...(acme.caFile === undefined ? [] : [`CURL_OPTS="--cacert ${acme.caFile}"`]),
    '',
  ].join('\n')
}

/**
 * Called by dehydrated. DuckDNS has one TXT record a domain, which is seen at every name below it (https://www.duckdns.org/spec.jsp),
 * and answers `OK` or `KO`, both with status 200. The token travels on stdin.
 */
const hook = `#!/bin/sh
# Written by runner: changes made here are lost.
# dehydrated's hook: $1 what happened, then of what.
set -u
site=\${RUNNER_SITE:?}
duckdns() { # domain, rest of the request
  label=\${1%.duckdns.org}
  answer=$(printf 'url = "https://www.duckdns.org/update?domains=%s&token=%s&%s"\\n' "\${label##*.}" "$(cat "$site/token")" "$2" | curl -fsS --retry 3 --max-time 60 --config -)
  [ "$answer" = OK ] || { echo "DuckDNS refuses the record of $1: is the token right, and the domain in its account?" >&2; exit 1; }
}
case \${1:-} in
  deploy_challenge)
    [ -e "$site/token" ] || exit 0
    duckdns "$2" "txt=$4"
    sleep "$(sed -n 's/^DNS_WAIT=//p' "$site/dehydrated.conf")"
    ;;
  clean_challenge)
    [ -e "$site/token" ] || exit 0
    duckdns "$2" "txt=$4&clear=true"
    ;;
  deploy_cert)
    # both files at once: nginx must never see the key of one and the chain of another
    new=$(mktemp -d "$site/live.XXXXXX") || exit 1
    cp -- "$3" "$new/privkey.pem" && cp -- "$5" "$new/fullchain.pem" && sed -n 's/^CA=//p' "$site/dehydrated.conf" >"$new/issuer" || exit 1
    chmod 0600 "$new/privkey.pem"
    ln -sfn -- "\${new##*/}" "$site/live.new" && mv -T -- "$site/live.new" "$site/live" || exit 1
    for old in "$site"/live.*; do [ "$old" = "$new" ] || rm -rf -- "$old"; done
    if systemctl is-active --quiet nginx; then nginx -t -q && systemctl reload nginx; fi
    ;;
esac
`

/** Renews where it is due, by the third of its life that is left: lives are getting shorter (90, 47, 6 days), so days cannot be said. */
const renew = `#!/bin/sh
# Written by runner: changes made here are lost.
# $1 site. Renews its certificate when it is due.
set -u
RUNNER_SITE=/etc/runner-acme/$1
export RUNNER_SITE
conf=$RUNNER_SITE/dehydrated.conf chain=$RUNNER_SITE/live/fullchain.pem
exec 9>/run/lock/runner-acme && flock -w 1800 9 || exit 1
field() { openssl x509 -noout "-$1" -in "$chain" | sed 's/^[^=]*=//'; }
due() {
  [ -e "$RUNNER_SITE/live/issuer" ] && [ -e "$chain" ] || return 0
  [ "$(cat "$RUNNER_SITE/live/issuer")" = "$(sed -n 's/^CA=//p' "$conf")" ] || return 0
  there=$(openssl x509 -noout -ext subjectAltName -in "$chain" | tr ',' '\\n' | sed -n 's/.*DNS://p' | sort | tr '\\n' ' ')
  [ "$there" = "$(tr ' ' '\\n' <"$RUNNER_SITE/domains.txt" | sort | tr '\\n' ' ')" ] || return 0
  from=$(date -d "$(field startdate)" +%s) to=$(date -d "$(field enddate)" +%s)
  [ $(( 3 * (to - $(date +%s)) )) -lt $(( to - from )) ]
}
if ! due; then echo 'not due yet'; exit 0; fi
# a nonce that the issuer has forgotten is no fault (RFC 8555, 6.5), but dehydrated gives up then
client() {
  for attempt in 1 2 3 4 5; do
    said=$(dehydrated --config "$conf" "$@" 2>&1) && return
    case $said in *badNonce*) sleep "$attempt" ;; *) break ;; esac
  done
  printf '%s\\n' "$said" >&2
  exit 1
}
client --register --accept-terms
client --cron --force
printf '%s\\n' "$said"
`

const service = `# Written by runner: changes made here are lost.
[Unit]
Description=Certificate of %i
Wants=network-online.target
After=network-online.target nginx.service

[Service]
Type=oneshot
ExecStart=${programs}/renew %i
TimeoutStartSec=30min
`

const timer = `# Written by runner: changes made here are lost.
[Unit]
Description=Looks twice a day whether the certificate of %i is due

[Timer]
OnCalendar=*-*-* 00,12:00:00
RandomizedDelaySec=6h
Persistent=true

[Install]
WantedBy=timers.target
`

/** Files that all sites of a host share, with their modes. */
export const sharedFiles: readonly { readonly path: string; readonly content: string; readonly mode: string }[] = [
  { path: `${programs}/hook`, content: hook, mode: '0755' },
  { path: `${programs}/renew`, content: renew, mode: '0755' },
  { path: '/etc/systemd/system/runner-acme@.service', content: service, mode: '0644' },
  { path: '/etc/systemd/system/runner-acme@.timer', content: timer, mode: '0644' },
]
