import type { Script } from './connection.ts'
import { quote } from './shell.ts'

/** A stream as the host is told of it. */
export interface Taken {
  readonly id: string
  /** The file that it becomes. */
  readonly path: string
  /** A link in its place gives way to it. */
  readonly overLink: boolean
}

/**
 * Where the parts lie: beside what they become, so that the whole one is renamed and not copied; where its directory is still to be made, in
 * the next one above. Only the user who writes may enter, so nobody else can put a link or a file of his own in the way.
 */
export const enterParts = `
enter() {
  p=$1
  [ "$2" ] || [ ! -L "$p" ] || p=$(readlink -f -- "$p")
  dir=\${p%/*}
  while [ "$dir" ] && ! [ -d "$dir" ]; do dir=\${dir%/*}; done
  [ -z "$3" ] || mkdir -m 700 -- "$dir/.runner-parts"
  cd -P -- "$dir/.runner-parts" && [ "$(stat -c '%u %a' .)" = "$(id -u) 700" ]
} 2>/dev/null
`

/**
 * Prints a line for each stream: bytes that are there and their digest, or \`none\`. It takes them over by another name: a shell of a link that
 * broke may still be about to put them into place.
 */
export function lookForParts(streams: readonly Taken[]): Script {
  const text = `${enterParts}
LC_ALL=C
while [ $# -gt 0 ]; do
  (
    enter "$1" "$2" '' || exit
    most=0
    for part in "$3".*; do
      [ -f "$part" ] && ! [ -L "$part" ] && size=$(stat -c %s -- "$part") && [ "$size" -gt "$most" ] && best=$part most=$size
    done
    [ "$most" -gt 0 ] && { [ "$best" = "$3.$$" ] || mv -f -- "$best" "$3.$$"; } &&
      sum=$(head -c "$most" -- "$3.$$" | sha256sum) && echo "$most \${sum%% *}"
  ) 2>/dev/null || echo none
  shift 3
done
`
  return { kind: 'script', text, args: streams.flatMap(({ path, overLink, id }) => [path, overLink ? 'y' : '', id]) }
}

/**
 * Shell function that takes a stream off the line, all of it whatever happens, and prints the name of the file when that is whole: $1 path,
 * $2 \`y\`: over a link, $3 id, $4 bytes to go on behind, $5 file for errors, $6 file where there is no place beside the path.
 * What is there is copied first: a shell of a link that broke may still write to it. Parts that nobody asked for in a week go.
 */
export const takeFunction = `${enterParts}
take() (
  LC_ALL=C
  if true >"$5"; then exec 2>"$5"; fi 2>/dev/null
  file=$6
  if enter "$1" "$2" y; then
    own=$3.$$
    if [ "$4" -gt 0 ]; then head -c "$4" -- "$own" >"new.$$"; else : >"new.$$"; fi
    find . -maxdepth 1 -type f \\( -mtime +7 -o -name "$3.*" \\) -exec rm -f -- {} +
    mv -f -- "new.$$" "$own"
    file=$(pwd -P)/$own
  fi
  to=$file
  while read -r n z; do
    [ "$n" != end ] || break
    if [ "$z" ]; then head -c "$n" | { gzip -dc >>"$to" || { cat >/dev/null; false; }; }
    else head -c "$n" | { cat >>"$to" || { cat >/dev/null; false; }; }; fi || to=/dev/null
  done
  # no digest: the link broke, and what came is kept
  [ "$z" ] && [ "$n" = end ] || exit
  sum=$(sha256sum <"$file")
  if [ "\${sum%% *}" = "$z" ]; then echo "$file"; else rm -f -- "$file"; fi
)
`

/** Takes one stream; the variable \`part0\` then names the file. */
export function taking({ id, path, overLink }: Taken, at: number, index: number): string {
  const words = [quote(path), overLink ? 'y' : "''", quote(id), String(at)].join(' ')
  return `part${index}=$(take ${words} "\${d:-/dev/null}/e${index}" "\${d:-/dev/null}/s${index}")\n`
}

/** Commands that fail, with what the host said, when a stream did not arrive. */
export function arrived(index: number, size: number): string {
  return `[ "$part${index}" ] || { cat -- "$d/e${index}" >&2; echo "its ${size} bytes did not arrive whole" >&2; exit 1; }`
}
