import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { groups, tagsOf } from './read.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  const found = (await groups(cloud)).map(async ({ DBSubnetGroupName: name, DBSubnetGroupArn: arn = '' }) =>
    name !== undefined && isOurs(await tagsOf(cloud, arn), cloud) ? [{ name }] : [],
  )
  return (await Promise.all(found)).flat()
}
