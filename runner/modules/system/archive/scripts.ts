import { fetchOnFunctions } from '../fetch-on.ts'

/** $1 directory; $2 name; $3 a path that says that all is done, or ''; $4 an archive on the host, or ''. */
export const look = `
LC_ALL=C
export LC_ALL
if [ "$3" ] && { [ -e "$3" ] || [ -L "$3" ]; }; then echo created; exit 0; fi
if [ -d "$1" ]; then echo directory; elif [ -e "$1" ] || [ -L "$1" ]; then echo other; else ls -d -- "$1" >/dev/null; fi
[ ! -f "$1/.unpacked-$2" ] || echo "unpacked $(head -n 1 "$1/.unpacked-$2")"
if [ "$4" ]; then
  if [ -f "$4" ]; then echo "source $(sha256sum <"$4" | cut -d' ' -f1)"; else echo nosource; fi
fi
exit 0
`

/**
 * $1 directory; $2 name; $3 \`file\` or \`url\`; $4 file or address; $5 SHA-256 or ''; $6 how many directories are taken off; $7 owner and
 * group or ''; $8 \`replace\` or ''; $9 \`keep\` or ''; then what is left out; stdin: headers. It is unpacked beside the directory first: an
 * archive that is broken changes nothing.
 */
export const unpack = `${fetchOnFunctions}
dest=$1 name=$2 how=$3 from=$4 sum=$5 strip=$6 account=$7 replace=$8 keep=$9
shift 9
headers=$(cat)
fail() { echo "$1" >&2; exit 1; }
mkdir -p -- "\${dest%/*}/" || exit
stage=$(mktemp -d -- "$dest.unpack.XXXXXX") || exit
trap 'rm -rf -- "$stage"; [ "$how" = url ] || [ "$keep" ] || rm -f -- "$from"' EXIT
trap 'exit 143' HUP INT TERM PIPE
archive=$from code=
if [ "$how" = url ]; then
  archive=$stage/archive
  fetch_on "$from" "$archive" 1500 "$headers" "$dest" "$sum"
  code=$?
  case $code in 0|10) ;; *) fail 'the archive cannot be fetched' ;; esac
fi
got=$(sha256sum <"$archive" | cut -d' ' -f1)
if [ "$code" = 10 ] && [ "$sum" ] && [ "$got" != "$sum" ]; then
  # what was there was of something else: once more, from its beginning
  fetch_on "$from" "$archive" 1500 "$headers" "$dest" "$sum"
  got=$(sha256sum <"$archive" | cut -d' ' -f1)
fi
[ -z "$sum" ] || [ "$got" = "$sum" ] || fail "the archive has the SHA-256 $got, not $sum"
new=$stage/new
mkdir "$new" || exit
if [ "$(head -c 2 "$archive" | tr -d '\\0')" = PK ]; then
  [ "$strip" = 0 ] || fail 'strip_components is for tar, not for zip'
  if command -v unzip >/dev/null; then
    if [ $# -gt 0 ]; then unzip -q -o "$archive" -d "$new" -x "$@" </dev/null; else unzip -q -o "$archive" -d "$new" </dev/null; fi || fail 'the archive cannot be unpacked'
  elif command -v bsdtar >/dev/null; then
    left=$#; while [ $left -gt 0 ]; do set -- "$@" --exclude "$1"; shift; left=$((left - 1)); done
    bsdtar -xf "$archive" -C "$new" "$@" || fail 'the archive cannot be unpacked'
  elif command -v python3 >/dev/null && [ $# -eq 0 ]; then python3 -m zipfile -e "$archive" "$new" || fail 'the archive cannot be unpacked'
  else fail 'there is no unzip on the host: install the package by a task before'; fi
else
  left=$#
  while [ $left -gt 0 ]; do set -- "$@" --exclude "$1"; shift; left=$((left - 1)); done
  case $(od -An -tx1 -N6 "$archive" | tr -d ' ') in
    fd377a585a00) command -v xz >/dev/null || fail 'there is no xz on the host: install the package xz-utils by a task before' ;;
    28b52ffd*) command -v zstd >/dev/null || fail 'there is no zstd on the host: install the package by a task before' ;;
    425a68*) command -v bzip2 >/dev/null || fail 'there is no bzip2 on the host: install the package by a task before' ;;
  esac
  tar -x -f "$archive" -C "$new" --no-same-owner --strip-components="$strip" "$@" || fail 'the archive cannot be unpacked'
fi
[ -z "$account" ] || chown -hR -- "$account" "$new" || exit
chmod 0755 "$new"
printf '%s\\n' "\${sum:-$([ "$how" = url ] && echo "once $got" || echo "$got")}" >"$new/.unpacked-$name" || exit
if [ "$replace" ] || ! [ -e "$dest" ]; then
  if [ -e "$dest" ]; then
    chmod --reference="$dest" "$new"
    [ "$account" ] || chown --reference="$dest" "$new"
    mv -T -- "$dest" "$stage/old" || exit
  fi
  mv -T -- "$new" "$dest" || { mv -T -- "$stage/old" "$dest"; exit 1; }
else
  mode=$(stat -c %a "$dest") whose=$(stat -c %u:%g "$dest")
  cp -a --remove-destination -- "$new/." "$dest/" || exit
  chmod "$mode" "$dest" && chown "$whose" "$dest"
fi
`
