import type { Cloud } from '../../../connections/cloud.ts'
import { targetGroups, tagsOf } from '../read-elb.ts'
import { isOurs } from '../tags.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  const found = (await targetGroups(cloud)).map(async ({ TargetGroupName: name, TargetGroupArn: arn = '' }) =>
    name !== undefined && isOurs(await tagsOf(arn, cloud), cloud) ? [{ name }] : [],
  )
  return (await Promise.all(found)).flat()
}
