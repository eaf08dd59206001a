import type { Action } from '../plan/change.ts'
import { leftInPlace, type Entry, type Plan } from '../plan/plan.ts'
import { about } from './duration.ts'
import { escapeLine } from './escape.ts'

/** Entries of which only the place differs; the first stands for all. */
export interface Group {
  readonly entry: Entry
  /** Hosts, each once; none for what is in the cloud. */
  readonly hosts: readonly string[]
}

/** What is over sooner than that is not worth telling beforehand, in seconds. */
const least = 60
/** From the most dangerous to the harmless. */
const order: readonly Action[] = ['delete', 'replace', 'update', 'run', 'unknown', 'create']

/** What a plan changes, the most dangerous first; the same change on several hosts is one group. */
export function groupsOf(plan: Plan): readonly Group[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of plan.entries) {
    if (entry.action === 'none') continue
    const { task, module, action, fields, why, assumed } = entry
    const key = entry.where === 'aws' ? entry.node : JSON.stringify([task, module, action, fields, why, assumed])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()]
    .map((entries) => ({
      entry: entries[0] as Entry,
      hosts: [...new Set(entries.map((entry) => entry.where))].filter((where) => where !== 'aws'),
    }))
    .sort((a, b) => order.indexOf(a.entry.action) - order.indexOf(b.entry.action))
}

/** `web1, web2 and 3 more`. */
export function someOf(hosts: readonly string[]): string {
  return hosts.length <= 3 ? hosts.join(', ') : `${hosts.slice(0, 2).join(', ')} and ${hosts.length - 2} more`
}

/** ` on web1, web2 and 3 more`; nothing for what is in the cloud. */
export function placeOf({ entry, hosts }: Group, all: boolean): string {
  if (hosts.length === 0) return ''
  return ` on ${all ? hosts.join(', ') : someOf(hosts)}${entry.assumed ? ' (not there yet)' : ''}`
}

/** `2 to create, 1 to change, 40 unchanged.` */
/** How long applying usually takes, where that is long enough to be worth knowing, and what of it takes long. */
export function courseOf({ course, entries }: Plan): string | undefined {
  if (course === undefined || course.seconds < least) return undefined
  const tasks = new Map(entries.map((entry) => [entry.node, entry.task]))
  const slow = course.critical.filter(({ seconds }) => seconds >= Math.max(least / 2, course.seconds / 20))
  const parts = slow.map(({ node, seconds }) => `${escapeLine(tasks.get(node) ?? node)} ${together(about(seconds))}`)
  return `Usually takes about ${together(about(course.seconds))}${parts.length === 0 ? '' : ` (${parts.join(' → ')})`}.`
}

/** A number stays on the line of its unit. */
function together(text: string): string {
  return text.replaceAll(' ', '\u00A0')
}

export function totalsOf({ counts: all, entries }: Plan): string {
  const kept = entries.filter((entry) => entry.orphan === 'kept').length
  const counts = { ...all, delete: all.delete - kept }
  const orphans =
    kept === 0 ? '' : ` ${kept} no longer in the playbook (--prune deletes ${kept === 1 ? 'it' : 'them'}).`
  const stay = entries.filter(({ why }) => why?.startsWith(leftInPlace) === true)
  const changed = [...new Set(stay.filter(({ why }) => why !== leftInPlace).map(({ task }) => escapeLine(task)))]
  const left =
    orphans + (changed.length === 0 ? '' : ` Left, since it is not what the playbook makes: ${changed.join(', ')}.`)
  const words: readonly (readonly [Action, string])[] = [
    ['create', 'to create'],
    ['update', 'to change'],
    ['replace', 'to replace'],
    ['delete', 'to delete'],
    ['run', 'to run'],
    ['unknown', 'not known yet'],
    ['none', 'unchanged'],
  ]
  const said = words.flatMap(([action, text]) => (counts[action] === 0 ? [] : [`${counts[action]} ${text}`]))
  if (words.some(([action]) => action !== 'none' && counts[action] > 0)) return `${said.join(', ')}.${left}`
  if (stay.length > 0) return `Nothing to destroy.${left}`
  if (counts.none === 0) return `Nothing to do: there is no task, or no host for one.${left}`
  return counts.none === 1
    ? `Nothing to do: 1 thing is as the playbook wants it.${left}`
    : `Nothing to do: ${counts.none} things are as the playbook wants them.${left}`
}
