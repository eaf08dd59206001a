import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs, tagMap } from '../tags.ts'
import { fileSystems } from './read.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  return (await fileSystems(cloud)).flatMap((one) => {
    const name = tagMap(one.Tags)['Name']
    return name !== undefined && isOurs(one.Tags, cloud) ? [{ name }] : []
  })
}
