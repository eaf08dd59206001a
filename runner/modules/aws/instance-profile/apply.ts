import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, ignoreMissing, isDuplicate } from '../errors.ts'
import { tagList } from '../tags.ts'
import { policyName, type Profile } from './diff.ts'
import { read } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

/** The role before its policies, both before the profile that instances are given. */
export async function apply(change: Change, want: Want, have: Profile | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    return await apply({ ...change, action: 'create' }, want, undefined, cloud)
  }
  const iam = await cloud.client('iam')
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  if (have?.roleArn === undefined) await createRole(want, cloud)
  else {
    if (changes('trusted'))
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: want.name, PolicyDocument: trust }))
    if (changes('permissions_boundary') && want.permissions_boundary !== undefined)
      await iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: want.name,
          PermissionsBoundary: want.permissions_boundary,
        }),
      )
  }
  await applyPolicies(want, have, cloud)
  if (have?.arn === undefined)
    await iam
      .send(
        new CreateInstanceProfileCommand({
          InstanceProfileName: want.name,
          Path: want.path ?? '/runner/',
          Tags: tagList(cloud.tags),
        }),
      )
      .catch(ignoreDuplicate)
  if (!have?.joined)
    await iam
      .send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: want.name, RoleName: want.name }))
      // a profile holds one role: ours is in it already when the answer to an earlier call got lost
      .catch((error: unknown) => (errorName(error) === 'LimitExceededException' ? undefined : ignoreDuplicate(error)))
  cloud.changed(`iam:profile:${want.name}`)
  await visible(want, cloud)
}

async function createRole(want: Want, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('iam')
  )
    .send(
      new CreateRoleCommand({
        RoleName: want.name,
        Path: want.path ?? '/runner/',
        Description: `Instances of ${cloud.playbook}, made by runner`,
        AssumeRolePolicyDocument: trust,
        ...(want.permissions_boundary !== undefined && { PermissionsBoundary: want.permissions_boundary }),
        Tags: tagList(cloud.tags),
      }),
    )
    .catch(async (error: unknown) => {
      ignoreDuplicate(error)
      // made since we looked: by an earlier attempt of ours whose answer got lost, or by somebody else
      cloud.changed(`iam:profile:${want.name}`)
      if ((await read(want, cloud))?.tags['runner:playbook'] !== cloud.playbook) throw error
    })
}

/** New ones first, so that nothing is cut off meanwhile. */
async function applyPolicies(want: Want, have: Profile | undefined, cloud: Cloud): Promise<void> {
  const iam = await cloud.client('iam')
  const RoleName = want.name
  if (want.policy) {
    const document = { Version: '2012-10-17', ...want.policy }
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: policyName, PolicyDocument: JSON.stringify(document) }),
    )
  }
  const wanted = (want.managed_policies ?? []).map((policy) => policyArn(policy, cloud.region))
  for (const PolicyArn of wanted)
    if (!have?.managed.includes(PolicyArn)) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  for (const PolicyArn of have?.managed ?? [])
    if (!wanted.includes(PolicyArn))
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })).catch(ignoreMissing)
  for (const PolicyName of Object.keys(have?.inline ?? {}))
    if (PolicyName !== policyName || !want.policy)
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })).catch(ignoreMissing)
}

/** AWS's own policies by name have an ARN that depends on the partition. */
function policyArn(policy: string, region: string): string {
  if (policy.startsWith('arn:')) return policy
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  return `arn:${partition}:iam::aws:policy/${policy}`
}

/** IAM shows what was written some seconds later (eventual consistency). */
async function visible(want: Want, cloud: Cloud): Promise<Profile> {
  return await cloud.poll({
    what: `instance profile ${want.name}`,
    every: 2,
    timeout: 120,
    look: async () => {
      const now = await read(want, cloud)
      if (now?.roleArn !== undefined && now.joined) return { done: now }
      cloud.changed(`iam:profile:${want.name}`)
      return { status: now ? 'its role is not in it yet' : 'not visible yet' }
    },
  })
}

export async function ready(want: Want, _have: Profile, cloud: Cloud): Promise<Profile> {
  return await visible(want, cloud)
}

/** IAM deletes neither a profile that has a role nor a role that has policies (DeleteConflict). */
export async function destroy(_want: Want, have: Profile, cloud: Cloud): Promise<void> {
  const iam = await cloud.client('iam')
  const { name: RoleName } = have
  const InstanceProfileName = have.name
  if (have.joined)
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })).catch(ignoreMissing)
  if (have.arn !== undefined)
    await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName })).catch(ignoreMissing)
  if (have.roleArn !== undefined) {
    for (const PolicyArn of have.managed)
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })).catch(ignoreMissing)
    for (const PolicyName of Object.keys(have.inline))
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })).catch(ignoreMissing)
    if (have.boundary !== undefined)
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })).catch(ignoreMissing)
    await iam.send(new DeleteRoleCommand({ RoleName })).catch(ignoreMissing)
  }
  cloud.changed(`iam:profile:${have.name}`)
}

function ignoreDuplicate(error: unknown): void {
  if (!isDuplicate(error)) throw error
}
