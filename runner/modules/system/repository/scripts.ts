import { fetchFunctions } from '../fetch.ts'
import { filesFunction } from '../files.ts'

/**
 * `fingerprints FILE`: those of all primary keys (version 4) in an OpenPGP file, armoured or not, a line each. gpg is not part of a
 * small Debian, and apt trusts every key of the file, so all must be seen. RFC 9580: 4.2 packet headers, 5.5.4.2 the fingerprint is
 * the SHA-1 of 0x99, two octets of length and the key packet.
 */
const fingerprintFunction = `
fingerprints() {
  binary=$(mktemp) || return
  if head -c 2000 "$1" | grep -q -e '-----BEGIN PGP'; then
    tr -d '\\r' <"$1" | awk '/^-----BEGIN/ { inside = 1; body = 0; next } /^-----END/ { inside = 0 } inside && !body && /^$/ { body = 1; next } inside && body && !/^=/' | base64 -d >"$binary" 2>/dev/null
  else cat "$1" >"$binary"; fi
  od -An -v -tu1 "$binary" | awk '
    { for (i = 1; i <= NF; i++) byte[n++] = $i }
    function number(at, count,  value) { for (value = 0; count > 0; count--) value = value * 256 + byte[at++]; return value }
    END {
      for (at = 0; at < n; at += length_) {
        head = byte[at++]
        if (head < 128) exit 1
        if (head < 192) {
          tag = int(head % 64 / 4); kind = head % 4
          if (kind == 3) exit 1
          size = kind == 0 ? 1 : kind == 1 ? 2 : 4
          length_ = number(at, size); at += size
        } else {
          tag = head % 64; first = byte[at++]
          if (first < 192) length_ = first
          else if (first < 224) length_ = (first - 192) * 256 + byte[at++] + 192
          else if (first == 255) { length_ = number(at, 4); at += 4 }
          else exit 1
        }
        if (tag == 6) print at + 1, length_, byte[at]
      }
    }' | while read -r from size version; do
      if [ "$version" != 4 ]; then echo "version $version"; continue; fi
      { printf "\\\\231\\\\$(printf %03o $((size / 256)))\\\\$(printf %03o $((size % 256)))"; tail -c +"$from" "$binary" | head -c "$size"; } | sha1sum | cut -d' ' -f1 | tr a-f A-F
    done
  rm -f "$binary"
}
`

/** $1 name. */
export const look = `${filesFunction}${fingerprintFunction}
command -v apt-get >/dev/null || { . /etc/os-release 2>/dev/null; echo "\${ID:-unknown}" >&2; exit 3; }
source=/etc/apt/sources.list.d/$1.sources key=/etc/apt/keyrings/$1.asc
files "$source" "$key"
[ ! -f "$key" ] || fingerprints "$key" | sed 's/^/fingerprint /'
exit 0
`

/**
 * $1 name; $2 text for apt; $3 where the key comes from: `stdin`, `url`, `kept` or `none`; $4 its address; then the fingerprints it
 * must have. The archive is asked before its file counts: an address or a key that is wrong leaves apt as it was.
 */
export const put = `${fetchFunctions}${fingerprintFunction}
name=$1 text=$2 how=$3 url=$4
shift 4
folder=$(mktemp -d) || exit
chmod 0755 "$folder"
keyring=/etc/apt/keyrings/$name.asc
had=; [ ! -f "$keyring" ] || { had=1; cp -p "$keyring" "$folder/before"; }
done=
trap '[ "$done" ] || [ "$how" = kept ] || [ "$how" = none ] || if [ "$had" ]; then cp -p "$folder/before" "$keyring"; else rm -f "$keyring"; fi; rm -rf "$folder"' EXIT
case $how in
  stdin) cat >"$folder/key" ;;
  url) fetch "$url" "$folder/key" 60 '' || { echo "the key cannot be fetched from $url" >&2; exit 1; } ;;
esac
if [ -f "$folder/key" ]; then
  got=$(fingerprints "$folder/key")
  [ "$got" ] || { echo 'that is no OpenPGP public key' >&2; exit 1; }
  if [ $# -gt 0 ]; then
    for one in $got; do
      case " $* " in *" $one "*) ;; *) echo "the key has the fingerprint $one, and not $*" >&2; exit 1 ;; esac
    done
  fi
  install -d -m 0755 /etc/apt/keyrings && install -m 0644 "$folder/key" "$keyring" || exit
fi
printf %s "$text" >"$folder/$name.sources"
case $text in
  *'Enabled: no'*) ;;
  *) apt-get -q update -o DPkg::Lock::Timeout=120 -o Dir::Etc::sourcelist="$folder/$name.sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any || exit ;;
esac
install -m 0644 "$folder/$name.sources" "/etc/apt/sources.list.d/$name.sources" || exit
[ "$how" != none ] || rm -f "$keyring"
done=1
`
