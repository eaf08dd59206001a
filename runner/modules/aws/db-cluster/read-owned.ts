import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { clusters } from './read.ts'

/** What of this kind carries this playbook’s tag. Whoever says that it may go means its protection, too; a snapshot keeps the data. */
export async function owned(
  cloud: Cloud,
): Promise<readonly { readonly name: string; readonly deletion_protection: false; readonly final_snapshot: true }[]> {
  return (await clusters(cloud)).flatMap((one) =>
    one.DBClusterIdentifier !== undefined && isOurs(one.TagList, cloud)
      ? [{ name: one.DBClusterIdentifier, deletion_protection: false, final_snapshot: true }]
      : [],
  )
}
