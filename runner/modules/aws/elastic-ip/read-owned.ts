import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs, tagMap } from '../tags.ts'
import { addresses, isPart } from './read.ts'

/** The addresses of this playbook. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  const names = (await addresses(cloud)).flatMap((one) =>
    isOurs(one.Tags, cloud) && !isPart(one.Tags) ? (tagMap(one.Tags)['Name'] ?? []) : [],
  )
  return [...new Set(names)].map((name) => ({ name }))
}
