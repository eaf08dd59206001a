import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  type IpPermission,
  type SecurityGroup,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { ignoreMissing, isInUse, isMissing } from '../errors.ts'
import { whoHolds } from '../read-interfaces.ts'
import { isOurs, tagList } from '../tags.ts'
import { applyRules, revoke } from './apply-rules.ts'
import { groups, read, type Group } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Creates the group, then brings its rules and tags in line: new ones first, so that nothing is cut off meanwhile. */
export async function apply(change: Change, want: Want, have: Group | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const ec2 = await cloud.client('ec2')
  let there = have
  if (!there) {
    const tags = { ...want.tags, ...cloud.tags, Name: want.name }
    await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: want.name,
        Description: want.description ?? 'Managed by runner',
        VpcId: want.vpc,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
      }),
    )
    cloud.changed('ec2:security-groups')
    there = await cloud.poll({
      what: `security group ${want.name}`,
      every: 2,
      timeout: 120,
      look: async () => {
        const found = await read(want, cloud)
        if (found) return { done: found }
        cloud.changed('ec2:security-groups')
        return { status: 'not visible yet' }
      },
    })
  } else if (want.tags && change.fields.some((field) => field.path === 'tags')) {
    await ec2.send(new CreateTagsCommand({ Resources: [there.id], Tags: tagList(want.tags) }))
  }
  await applyRules('ingress', there.id, want.ingress ?? [], there.ingress, cloud)
  if (want.egress) await applyRules('egress', there.id, want.egress, there.egress, cloud)
  cloud.changed('ec2:security-groups')
}

export async function ready(want: Want, have: Group, cloud: Cloud): Promise<Group> {
  return (await read(want, cloud)) ?? have
}

/**
 * Deletes the group. Rules of the playbook's other groups that name it go first (AWS refuses otherwise), and so do network interfaces,
 * which outlive what they belonged to by minutes: these are waited for and named. Rules in groups of somebody else are his to revoke.
 */
export async function destroy(_want: Want, have: Group, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  for (const other of await groups(cloud)) {
    const { GroupId: id } = other
    if (id === undefined || id === have.id || !isOurs(other.Tags, cloud)) continue
    await revoke('ingress', id, naming(other.IpPermissions, have.id), cloud).catch(ignoreMissing)
    await revoke('egress', id, naming(other.IpPermissionsEgress, have.id), cloud).catch(ignoreMissing)
  }
  await cloud.poll({
    what: `security group ${have.name} to be unused`,
    every: 5,
    timeout: 900,
    look: async () => {
      try {
        await ec2.send(new DeleteSecurityGroupCommand({ GroupId: have.id }))
        return { done: true }
      } catch (error) {
        if (isMissing(error)) return { done: true }
        if (!isInUse(error)) throw error
        cloud.changed('ec2:security-groups')
        refuseNamed(have, await groups(cloud), cloud)
        return { status: await whoHolds('group-id', have.id, cloud) }
      }
    },
  })
  cloud.changed('ec2:security-groups')
}

/** Of some permissions those parts that name a group, one source each. */
function naming(permissions: readonly IpPermission[] | undefined, id: string): readonly IpPermission[] {
  return (permissions ?? []).flatMap(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] }) =>
    UserIdGroupPairs.filter((pair) => pair.GroupId === id).map(({ UserId }) => ({
      IpProtocol,
      FromPort,
      ToPort,
      UserIdGroupPairs: [{ GroupId: id, ...(UserId !== undefined && { UserId }) }],
    })),
  )
}

/** No waiting ends a rule that somebody else made. */
function refuseNamed(have: Group, all: readonly SecurityGroup[], cloud: Cloud): void {
  const other = all.find(
    (one) =>
      one.GroupId !== have.id &&
      !isOurs(one.Tags, cloud) &&
      [...naming(one.IpPermissions, have.id), ...naming(one.IpPermissionsEgress, have.id)].length > 0,
  )
  if (other)
    throw failure(
      'E780',
      `a rule of the security group ${other.GroupName} (${other.GroupId}), which is not this playbook’s, names ${have.name}`,
      {
        hint: `revoke it (aws ec2 describe-security-group-rules --filters Name=group-id,Values=${other.GroupId} shows it) and run again`,
      },
    )
}
