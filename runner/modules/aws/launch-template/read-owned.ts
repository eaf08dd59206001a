import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { templates } from './read.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  return (await templates(cloud)).flatMap((one) =>
    one.LaunchTemplateName !== undefined && isOurs(one.Tags, cloud) ? [{ name: one.LaunchTemplateName }] : [],
  )
}
