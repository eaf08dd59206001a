/** What a shell says before anything else of it counts: start-up files of the login shell may have printed. */
const greeting = 'echo "runner-ready $$" >&2; echo "runner-ready $$"'

/**
 * What runs at the other end: reads a length and that many bytes of script, evaluates them, and again. It contains no single
 * quotes, so that any login shell passes it on. `head -c` of coreutils and busybox reads no byte too many. A `z` behind the length:
 * they are compressed. USR1 asks it to stop where a batch says that it may; it ends a `read` of dash, which then begins again.
 * Where nothing can be written to /tmp, what makes temporary files is given another place (TMPDIR of mktemp(1)).
 * `greets`: it says that it is there; else that travels with the first answer, which would have to wait until it is received (RFC 896).
 */
export const loop = (greets: boolean): string =>
  `LC_ALL=C.UTF-8; export LC_ALL; runner_stop=; trap runner_stop=1 USR1; ${greets ? `${greeting}; ` : ''}${place}; ${reading}`

const place =
  '[ -w "${TMPDIR:-/tmp}" ] || for d in /var/tmp /dev/shm "$HOME"; do [ -w "$d" ] && { TMPDIR=$d; export TMPDIR; break; }; done'

const reading =
  'while read -r n z || { [ "$runner_stop" = 1 ] && runner_stop=2; }; do [ "$n" ] || continue; if [ "$z" ]; then s=$(head -c "$n" | gzip -dc) || exit 125; else s=$(head -c "$n"); fi; eval "$s"; done'
