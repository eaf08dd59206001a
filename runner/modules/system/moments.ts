/**
 * Functions of the shell that compare when a unit of systemd was started or reloaded with when a file was written, to the microsecond: a
 * quick host does both within a second. `moment UNIT PROPERTY` and `stamp [-L] FILE` print microseconds since 1970.
 *
 * `systemctl show` writes whole seconds unless told otherwise, and can be told since systemd 248; older ones refuse the option or ignore it.
 * Then what happened within that second counts as done. A file's time is that of the kernel's last tick (some milliseconds before), so what
 * was written before a start is never seen as after it.
 */
export const moments = `
moment() {
  at=$(systemctl show --timestamp=us+utc --property "$2" --value -- "$1" 2>/dev/null) || at=$(systemctl show --property "$2" --value -- "$1" 2>/dev/null)
  case $at in
    '') return 1 ;;
    *.*) date -d "$at" +%s%6N ;;
    *) echo "$(date -d "$at" +%s)999999" ;;
  esac
}
stamp() {
  at=$(stat -c %.6Y "$@") && echo "\${at%[.,]*}\${at#*[.,]}"
}
`
