import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { groups } from './read.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string; readonly vpc: string }[]> {
  return (await groups(cloud)).flatMap((one) =>
    one.GroupName !== undefined && isOurs(one.Tags, cloud) ? [{ name: one.GroupName, vpc: one.VpcId ?? '' }] : [],
  )
}
