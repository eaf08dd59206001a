import {
  ListInstanceProfileTagsCommand,
  ListRoleTagsCommand,
  paginateListInstanceProfiles,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import type { Cloud } from '../../../connections/cloud.ts'
import { ignoreMissing } from '../errors.ts'
import { isOurs } from '../tags.ts'

const PathPrefix = '/runner/'

/** The roles and profiles of this playbook below /runner/. IAM gives tags one by one, so the account's other roles are not asked. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  return await cloud.once('iam:owned', async () => {
    const client = await cloud.client('iam')
    const names = new Set<string>()
    for await (const page of paginateListRoles({ client }, { PathPrefix }))
      for (const { RoleName = '' } of page.Roles ?? []) {
        const found = await client.send(new ListRoleTagsCommand({ RoleName })).catch(ignoreMissing)
        if (isOurs(found?.Tags, cloud)) names.add(RoleName)
      }
    for await (const page of paginateListInstanceProfiles({ client }, { PathPrefix }))
      for (const { InstanceProfileName = '', Roles = [] } of page.InstanceProfiles ?? []) {
        // what belongs to a role is told by that
        if (Roles.length > 0) continue
        const command = new ListInstanceProfileTagsCommand({ InstanceProfileName })
        const found = await client.send(command).catch(ignoreMissing)
        if (isOurs(found?.Tags, cloud)) names.add(InstanceProfileName)
      }
    return [...names].map((name) => ({ name }))
  })
}
