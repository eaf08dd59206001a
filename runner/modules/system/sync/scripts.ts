import { statFormat } from '../path-state.ts'

/**
 * $1 directory; $2 digest of what is wanted; $3 and $4 how find(1) is to print owner and group; then names that are left out anywhere.
 * Nothing is written on the host: each file is read once, and the digest of it all is enough where nothing differs.
 */
export const look = `
LC_ALL=C
export LC_ALL
dest=$1 wanted=$2 form="%y %m $3 $4 %P//%l\\\\0"
shift 4
state=$(stat -Lc '${statFormat}' "$dest") || exit 0
echo "root $state"
[ -d "$dest" ] || exit 0
cd -- "$dest" || exit
# what is on its way to this directory is none of it
set -- "$@" .runner-parts
left=$#
while [ $left -gt 0 ]; do
  name=$1
  shift
  set -- "$@" -name "$name" -o
  left=$((left - 1))
done
tree() {
  find . -mindepth 1 \\( "$@" -false \\) -prune -o -printf "$form" | sort -z
  find . -mindepth 1 \\( "$@" -false \\) -prune -o -type f -print0 | xargs -0 -r sha256sum -z -- | sort -z
}
if [ "$wanted" ]; then
  sum=$(tree "$@" | sha256sum)
  if [ "\${sum%% *}" = "$wanted" ]; then echo same; exit 0; fi
fi
printf 'tree '
{ tree "$@"; find . -mindepth 1 \\( "$@" -false \\) -prune -printf 'x - - - %P//\\0'; } | gzip -c | base64 -w0
echo
`

/** $1 directory; stdin: names in base64, each ended by a NUL, the deepest first. A directory goes only when it is empty. */
export const remove = `
cd -- "$1" || exit
base64 -d | xargs -0 -r sh -c 'for name; do if [ -d "$name" ] && ! [ -L "$name" ]; then rmdir --ignore-fail-on-non-empty -- "$name"; else rm -f -- "$name"; fi || exit 255; done' sh
`

/**
 * $1 directory; $2 its mode if it has to be made; $3 owner and group of all, or ''; $4 a file with the archive, or '' if it comes compressed
 * and in base64 on stdin. It is unpacked beside what is there, and each file then takes the place of the old one at once.
 */
export const unpack = `
set -e
dest=$1
if ! [ -d "$dest" ]; then
  mkdir -m "$2" -- "$dest"
  [ -z "$3" ] || chown -- "$3" "$dest"
fi
stage=$(mktemp -d -- "$dest/.sync.XXXXXX")
trap 'rm -rf -- "$stage" \${4:+"$4"}' EXIT
trap 'exit 143' HUP INT TERM
same=--no-same-owner
[ -z "$3" ] || same=--same-owner
if [ "$4" ]; then tar -xp $same -C "$stage" -f "$4"; else base64 -d | tar -xzp $same -C "$stage" -f -; fi
cd -- "$stage"
# directories first, made where there are none
find . -mindepth 1 -type d -exec sh -c '
  dest=$1
  shift
  for one; do
    [ -d "$dest/$one" ] && continue
    mkdir -- "$dest/$one" && chown --reference="$one" -- "$dest/$one" && chmod --reference="$one" -- "$dest/$one" || exit 255
  done' sh "$dest" {} +
find . -type d -exec sh -c '
  dest=$1
  shift
  for one; do find "$one" -mindepth 1 -maxdepth 1 ! -type d -print0 | xargs -0 -r mv -f -t "$dest/$one/" -- || exit 255; done' sh "$dest" {} +
`

/** $1 directory; $2 \`chmod\` or \`chown\`; $3 what is given to it; stdin: names in base64, each ended by a NUL. */
export const adjust = `
cd -- "$1" || exit
options=
[ "$2" = chmod ] || options=-h
base64 -d | xargs -0 -r "$2" $options -- "$3"
`
