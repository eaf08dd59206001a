import { CreateOrUpdateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import { settlingTag } from './settling.ts'

/** Notes something on the group in tags that instances do not get; with ours, because the runner's user may only tag what it says is this playbook's. */
export async function noteOn(name: string, notes: Readonly<Record<string, string>>, cloud: Cloud): Promise<void> {
  const Tags = Object.entries({ ...cloud.tags, ...notes }).map(([Key, Value]) => ({
    Key,
    Value,
    PropagateAtLaunch: false,
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
  }))
  await (await cloud.client('autoscaling')).send(new CreateOrUpdateTagsCommand({ Tags }))
}

/** It was seen to serve. */
export async function noteSettled(name: string, cloud: Cloud): Promise<void> {
  const tag = { Key: settlingTag, ResourceId: name, ResourceType: 'auto-scaling-group' }
  await (await cloud.client('autoscaling')).send(new DeleteTagsCommand({ Tags: [tag] }))
  cloud.changed('autoscaling:groups')
}
