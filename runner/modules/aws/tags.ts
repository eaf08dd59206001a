import type { Cloud } from '../../connections/cloud.ts'

interface Tag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** AWS's list of tags as a map. */
export function tagMap(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** A map of tags as AWS's list. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** The items that carry a name among those that are ours; else a stranger's of that name. */
export function byName<T>(
  items: readonly T[],
  named: (item: T) => boolean,
  tags: (item: T) => Readonly<Record<string, string>>,
  playbook: string,
): T | undefined {
  const found = items.filter(named)
  return found.find((item) => tags(item)['runner:playbook'] === playbook) ?? found[0]
}

/** Whether tags say that something belongs to this playbook. */
export function isOurs(tags: readonly Tag[] | Readonly<Record<string, string>> | undefined, cloud: Cloud): boolean {
  const map = Array.isArray(tags) ? tagMap(tags as readonly Tag[]) : ((tags ?? {}) as Readonly<Record<string, string>>)
  return map['runner:playbook'] === cloud.playbook
}

/** The tag of what is part of a network: the network's name. */
export const partTag = 'runner:network'
