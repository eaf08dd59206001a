import type { Script } from '../../connections/connection.ts'
import type { Secret } from '../../secret.ts'

/** A line of /etc/fstab or /proc/mounts: what, where, and how (fstab(5)). */
export interface Mounted {
  readonly src: string
  readonly path: string
  readonly fstype: string
  readonly opts: string
  readonly dump: number
  readonly passno: number
}

/** Blanks, backslashes and line ends are written as octal numbers; the kernel does the same with `#`. */
export function fstabEscaped(text: string): string {
  return text.replaceAll(/[\\ \t\n]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

/** In bytes, because a number stands for one, not for a letter. */
export function fstabUnescaped(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  const plain = bytes.replaceAll(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
  return Buffer.from(plain, 'latin1').toString('utf8')
}

export function parseMounted(line: string): Mounted {
  const [src = '', path = '', fstype = '', opts = 'defaults', dump = '0', passno = '0'] = line.trim().split(/\s+/)
  return {
    src: fstabUnescaped(src),
    path: fstabUnescaped(path),
    fstype,
    opts: fstabUnescaped(opts),
    dump: Number(dump),
    passno: Number(passno),
  }
}

/** Shell functions `entries COLUMN TEXT` and `mounts PATH`: lines of /etc/fstab and /proc/self/mounts; the last one counts. */
export const tableFunctions = `
entries() { column=$1 text=$2 LC_ALL=C awk '$1 !~ /^#/ && $(ENVIRON["column"]) == ENVIRON["text"]' /etc/fstab 2>/dev/null; }
mounts() { text=$1 LC_ALL=C awk '{ path = $2; gsub(/\\\\043/, "#", path) } path == ENVIRON["text"]' /proc/self/mounts | tail -n 1; }
`

// $1 column by which a line is told; $2 what stands there; $3 the new line, or '' for none. It stays where it was.
const write = `
set -e
new=$(mktemp /etc/.fstab.XXXXXX)
trap 'rm -f "$new"' EXIT
[ -e /etc/fstab ] || : >/etc/fstab
column=$1 text=$2 line=$3 LC_ALL=C awk '
  $1 !~ /^#/ && $(ENVIRON["column"]) == ENVIRON["text"] {
    if (ENVIRON["line"] != "" && !done) print ENVIRON["line"]
    done = 1
    next
  }
  { print }
  END { if (!done && ENVIRON["line"] != "") print ENVIRON["line"] }' /etc/fstab >"$new"
chmod --reference=/etc/fstab "$new"
mv -f "$new" /etc/fstab
trap - EXIT
# what systemd made of the old line is gone only then
! command -v systemctl >/dev/null || systemctl daemon-reload 2>/dev/null || :
`

/** Puts a line into /etc/fstab, or takes it out. Both texts are escaped already. */
export function fstabStep(by: 'src' | 'path', text: string, line: string | Secret): Script {
  return { kind: 'script', text: write, args: [by === 'src' ? '1' : '2', text, line] }
}
