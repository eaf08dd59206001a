import { fetchOnFunctions } from '../fetch-on.ts'
import { fetchFunctions } from '../fetch.ts'
import { statFormat } from '../path-state.ts'

/** Beside a file that follows its server lies what the server said of it. */
const originFunction = `
origin() { printf '%s/.%s.origin' "\${1%/*}" "\${1##*/}"; }
said() { awk -F': *' '$1 == "etag" || $1 == "last-modified" || $1 == "content-length"' | sort; }
`

/** $1 path; $2 algorithm or ''; $3 address if the server is to be asked; stdin: headers. */
export const look = `${fetchFunctions}${originFunction}
LC_ALL=C
export LC_ALL
headers=$(cat)
if state=$(stat -c '${statFormat}' "$1"); then
  echo "file $state"
  if [ -f "$1" ] && ! [ -L "$1" ]; then
    [ -z "$2" ] || echo "sum $("$2"sum <"$1" | cut -d' ' -f1)"
    echo "sha256 $(sha256sum <"$1" | cut -d' ' -f1)"
    if [ "$3" ]; then
      now=$(heads "$3" 20 "$headers" | said)
      if [ -z "$now" ]; then echo silent
      elif [ "$now" = "$(cat "$(origin "$1")" 2>/dev/null)" ]; then echo current
      else echo outdated; fi
    fi
  fi
fi
exit 0
`

/**
 * $1 path; $2 address; $3 seconds; $4 algorithm or ''; $5 digest; $6 \`refresh\` or ''; $7 owner and group or ''; $8 mode or ''; then the
 * words of a command that must succeed on the new file (\`%s\` is its name); stdin: headers.
 */
export const get = `${fetchOnFunctions}${originFunction}
path=$1 url=$2 limit=$3 algorithm=$4 digest=$5 refresh=$6 account=$7 mode=$8
shift 8
headers=$(cat)
new=$(mktemp "\${path%/*}/.download.XXXXXX") || exit
trap 'rm -f "$new"' EXIT
trap 'exit 143' HUP INT TERM PIPE
[ -z "$refresh" ] || origin=$(heads "$url" 30 "$headers" | said)
while :; do
  fetch_on "$url" "$new" "$limit" "$headers" "$path" "$digest"
  code=$?
  case $code in 0|10) ;; *) echo "cannot fetch \${url%%\\?*}" | sed 's#://[^/@]*@#://#' >&2; exit 1 ;; esac
  [ "$algorithm" ] || break
  got=$("$algorithm"sum <"$new" | cut -d' ' -f1)
  [ "$got" != "$digest" ] || break
  # what was there was of something else: once more, from its beginning
  [ "$code" = 10 ] || { echo "what was fetched has the $algorithm digest $got, not $digest" >&2; exit 1; }
done
if [ "$account" ]; then chown -- "$account" "$new" || exit
elif [ -e "$path" ]; then chown --reference="$path" -- "$new" 2>/dev/null || :; fi
if [ "$mode" ]; then chmod -- "$mode" "$new" || exit
elif [ -e "$path" ]; then chmod --reference="$path" -- "$new"
else chmod 0644 "$new"; fi
if [ $# -gt 0 ]; then
  left=$#
  while [ $left -gt 0 ]; do
    word=$1
    shift
    case $word in *%s*) word=\${word%%%s*}$new\${word#*%s} ;; esac
    set -- "$@" "$word"
    left=$((left - 1))
  done
  "$@" || { echo 'what was fetched did not pass the check' >&2; exit 1; }
fi
mv -f -T -- "$new" "$path" || exit
[ -z "$refresh" ] || printf '%s\\n' "$origin" >"$(origin "$path")"
`
