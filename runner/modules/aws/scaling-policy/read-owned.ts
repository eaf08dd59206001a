import type { Cloud } from '../../../connections/cloud.ts'
import { groups } from '../autoscaling-group/read.ts'
import { isOurs } from '../tags.ts'
import { policies } from './read.ts'

/** Policies carry no tags: whose the group is, his is the policy. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string; readonly group: string }[]> {
  const ours = new Set(
    (await groups(cloud)).filter((group) => isOurs(group.Tags, cloud)).map((group) => group.AutoScalingGroupName),
  )
  return (await policies(cloud)).flatMap(({ PolicyName: name, AutoScalingGroupName: group }) =>
    name !== undefined && group !== undefined && ours.has(group) ? [{ name, group }] : [],
  )
}
