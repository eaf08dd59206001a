import type { Step } from '../../../connections/connection.ts'

// $1 unit; $2 its property that says when; behind them files. Seconds, as all that stamps have in common; what happened within the same
// second counts as done. The time is written with the name of a zone, which date(1) reads.
const text = `
unit=$1
[ "$(systemctl show --property ActiveState --value -- "$unit")" = active ] || exit 0
when=$(systemctl show --property "$2" --value -- "$unit")
[ -n "$when" ] || exit 0
since=$(date -d "$when" +%s) || exit 0
shift 2
for file in "$@"; do
  [ -f "$file" ] && stamp=$(stat -L -c %Y -- "$file") && [ "$stamp" -gt "$since" ] || continue
  echo "$file changed after $unit was last $3"
  exit
done
echo current
`

/** Asks whether a service runs with what was in these files before. A reload leaves when it became active and moves its last change of state. */
export function overdue(name: string, again: 'restarted' | 'reloaded', files: readonly string[]): Step {
  const property = again === 'restarted' ? 'ActiveEnterTimestamp' : 'StateChangeTimestamp'
  return { kind: 'script', text: text.replace('$3', again), args: [name, property, ...files] }
}
