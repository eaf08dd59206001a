import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs, tagMap } from '../tags.ts'
import { instances } from './read.ts'

/** What of this kind carries this playbook’s tag; instances of a scaling group go with it. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  return (await instances(cloud)).flatMap((one) => {
    const { Name: name, 'aws:autoscaling:groupName': group } = tagMap(one.Tags)
    return name !== undefined && group === undefined && isOurs(one.Tags, cloud) ? [{ name }] : []
  })
}
