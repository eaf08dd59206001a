import type { Step } from '../../../connections/connection.ts'
import { moments } from '../moments.ts'

// $1 unit; $2 its property that says when; behind them files
const text = `${moments}
unit=$1
[ "$(systemctl show --property ActiveState --value -- "$unit")" = active ] || exit 0
since=$(moment "$unit" "$2") || exit 0
shift 2
for file in "$@"; do
  [ -f "$file" ] && written=$(stamp -L -- "$file") && [ "$written" -gt "$since" ] || continue
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
