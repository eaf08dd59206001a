import { enterParts } from '../../connections/stream-script.ts'
import { fetchFunctions } from './fetch.ts'

/**
 * Shell function `fetch_on URL FILE SECONDS HEADERS DEST SUM`: as `fetch`, but a transfer that breaks is gone on with, in this run or the
 * next: what came lies beside DEST where only this user may enter (as parts of files that are sent do). The server is asked for the rest
 * of the very same thing (RFC 9110, 13.1.5 and 14): by its strong ETag, or by its time if that is older than its answer. Where it gives
 * neither, the rest is only asked for if SUM is not empty, and so decides in the end. Exit status 10: all is there, and some of it is from before.
 * It says each second what it has, of how much; nobody who hears it, as when the link to the host broke: it ends, and others go on with it.
 */
export const fetchOnFunctions = `${fetchFunctions}${enterParts}
fetch_on() (
  case $1 in http://*|https://*) ;; *) fetch "$1" "$2" "$3" "$4"; exit ;; esac
  name=get-$(printf %s "\${6:-$1}" | sha256sum | cut -c1-32)
  own=$name.$$
  # who is through takes the place away when it is empty: that may be between these two words
  for tries in 1 2 3 no; do
    [ "$tries" != no ] || { fetch "$1" "$2" "$3" "$4"; exit; }
    { enter "$5" y y && true >"$own.pid"; } 2>/dev/null && break
  done
  bytes() { stat -c %s -- "$1" 2>/dev/null || echo 0; }
  head_says() { lowered <"$own.head" 2>/dev/null | sed -n "s/^$1: *//p"; }
  # puts what came last behind what was there, if it belongs there
  join() {
    start=$(lowered <"$1.head" 2>/dev/null | sed -n 's/^status: 200$/new/p; s/^content-range: *bytes \\([0-9]*\\)-.*/\\1/p' | tail -n 1)
    if [ "$start" = new ]; then mv -f -- "$1.more" "$1.part" && mv -f -- "$1.head" "$1.said"
    else [ "$start" ] && [ "$start" = "$(bytes "$1.part")" ] && cat -- "$1.more" >>"$1.part"; fi
    set -- $? "$1"
    rm -f -- "$2.more" "$2.head"
    return "$1"
  }
  find . -maxdepth 1 -type f -mtime +7 -exec rm -f -- {} +
  for other in $(ls | sed -n "s/^\\($name\\.[0-9]*\\)\\..*/\\1/p" | sort -u); do
    # a shell of a link that broke may still write to it
    [ ! -f "$other.more" ] || { cp -- "$other.more" "$other.copy" && mv -f -- "$other.copy" "$other.more"; }
    join "$other" 2>/dev/null
    if [ "$(bytes "$other.part")" -gt "$(bytes "$own.part")" ]; then
      mv -f -- "$other.part" "$own.part"
      [ ! -f "$other.said" ] || mv -f -- "$other.said" "$own.said"
    fi
    [ "$other" = "$own" ] || rm -f -- "$other".*
  done
  begun=$(date +%s) tries=0 most=0 resumed=0 telling=
  trap '[ -z "$telling" ] || kill "$telling" 2>/dev/null' EXIT
  trap 'exit 143' HUP INT TERM
  while :; do
    size=$(bytes "$own.part") wanted=
    if [ "$size" -gt 0 ]; then
      same=$(lowered <"$own.said" 2>/dev/null | awk '
        { at = index($0, ":"); value = substr($0, at + 1); sub(/^ */, "", value); of[substr($0, 1, at - 1)] = value }
        END { if ("etag" in of) { if (of["etag"] !~ /^W/) print of["etag"] } else if (of["last-modified"] != of["date"]) print of["last-modified"] }')
      if [ "$same$6" ]; then wanted="Range: bytes=$size-\${same:+
If-Range: $same}"
      else rm -f -- "$own.part"; size=0; fi
    fi
    left=$((begun + $3 - $(date +%s)))
    [ "$left" -gt 0 ] || { echo "it did not come within $3 s" >&2; exit 1; }
    (
      trap '' PIPE
      fetcher=
      while sleep 1 >/dev/null 2>&1; do
        if [ "$(head_says status)" = 206 ]; then come=$((size + $(bytes "$own.more"))) all=$(head_says content-range | sed 's#.*/##')
        else come=$(bytes "$own.more") all=$(head_says content-length); fi
        # who takes over takes that file away
        [ "$fetcher" ] || fetcher=$(cat "$own.pid")
        echo "fetched $(date +%s) $come $all" 2>/dev/null || { kill "$fetcher"; exit; }
      done
    ) &
    telling=$!
    ask "$1" "$own" "$left" "$4\${wanted:+\${4:+
}$wanted}" 2>"$own.why"
    code=$?
    kill "$telling" 2>/dev/null
    wait "$telling" 2>/dev/null
    telling=
    [ "$code" -ne 143 ] || exit 143
    status=$(head_says status)
    if [ "$status" = 416 ] && [ "$(head_says content-range | sed 's#.*/##')" = "$size" ]; then
      # all of it had come
      resumed=10
      break
    elif join "$own" 2>>"$own.why"; then
      [ "$status" != 206 ] || resumed=10
      [ "$code" -ne 0 ] || break
    # what is there is not how this thing begins
    elif [ "$code" -eq 0 ] || [ "$status" = 416 ]; then rm -f -- "$own.part"; fi
    [ "$(bytes "$own.part")" -le "$most" ] || { most=$(bytes "$own.part") tries=0; }
    case $code/$status in
      # a link that broke or stood still, a server that is busy
      0/*|1/*|124/*|16/*|18/*|28/*|52/*|55/*|56/*|92/*|22/408|22/416|22/429|22/5*) ;;
      *) tries=3 ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -le 3 ] || { cat -- "$own.why" >&2; rm -f -- "$own.why" "$own.pid"; exit 1; }
    sleep "$tries"
  done
  mv -f -- "$own.part" "$2" || exit
  rm -f -- "$own".*
  cd .. && rmdir -- .runner-parts 2>/dev/null
  exit "$resumed"
)
`

/** How far it is, of a line that \`fetch_on\` prints. */
export function progress(
  line: string,
  before?: unknown,
): { readonly text: string; readonly state: readonly [number, number] } | undefined {
  const [, time, size, all] = /^fetched (\d+) (\d+) (\d*)$/.exec(line) ?? []
  if (time === undefined) return undefined
  const [t, come] = [Number(time), Number(size)]
  const first = (before ?? [t, come]) as readonly [number, number]
  const rate = t > first[0] ? (come - first[1]) / (t - first[0]) : 0
  const of = all === '' ? '' : ` of ${megabytes(Number(all))}`
  const pace = rate > 0 ? `, ${megabytes(rate)} MB/s` : ''
  return { text: `fetched ${megabytes(come)}${of} MB${pace}`, state: first }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
