import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { keyPairs } from './read.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  return (await keyPairs(cloud)).flatMap((one) =>
    one.KeyName !== undefined && isOurs(one.Tags, cloud) ? [{ name: one.KeyName }] : [],
  )
}
