import { CreateDBSubnetGroupCommand, DeleteDBSubnetGroupCommand, ModifyDBSubnetGroupCommand } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import { errorName, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import type { Args, Have } from './diff.ts'

/** Creates the group or changes it in place. */
export async function apply(_change: Change, want: Args, have: Have | undefined, cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  const group = { DBSubnetGroupName: want.name.toLowerCase(), SubnetIds: [...want.subnets] }
  const description = want.description ?? have?.description ?? 'Subnets of a database'
  if (have) await rds.send(new ModifyDBSubnetGroupCommand({ ...group, DBSubnetGroupDescription: description }))
  else
    await rds.send(
      new CreateDBSubnetGroupCommand({ ...group, DBSubnetGroupDescription: description, Tags: tagList(cloud.tags) }),
    )
  cloud.changed('rds:')
}

/** It can be used at once. */
export async function ready(_want: Args, have: Have): Promise<Have> {
  return have
}

/** Deletes the group. The database that used it may hold it for a while after it is gone itself. */
export async function destroy(_want: Args, have: Have, cloud: Cloud): Promise<void> {
  const rds = await cloud.client('rds')
  await cloud.poll({
    what: `subnet group ${have.name} to be deleted`,
    every: 15,
    timeout: 900,
    async look() {
      try {
        await rds.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: have.name }))
      } catch (error) {
        if (errorName(error) === 'InvalidDBSubnetGroupStateFault') return { status: 'in use by a database' }
        if (!isMissing(error)) throw error
      }
      return { done: undefined }
    },
  })
  cloud.changed('rds:')
}
