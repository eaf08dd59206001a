import {
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  type Role,
} from '@aws-sdk/client-iam'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Value } from '../../../plan/unknown.ts'
import type { ArgsOf } from '../../module.ts'
import { ignoreMissing } from '../errors.ts'
import { tagMap } from '../tags.ts'
import type { Profile } from './diff.ts'
import type { args } from './schema.ts'

/** The role and the profile of that name; an interrupted run may have left one without the other. */
export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<Profile | undefined> {
  return await cloud.once(`iam:profile:${want.name}`, async () => await look(want.name, cloud))
}

async function look(name: string, cloud: Cloud): Promise<Profile | undefined> {
  const iam = await cloud.client('iam')
  const [profile, role] = await Promise.all([
    iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name })).catch(ignoreMissing),
    iam.send(new GetRoleCommand({ RoleName: name })).catch(ignoreMissing),
  ])
  const found = { profile: profile?.InstanceProfile, role: role?.Role }
  if (!found.profile && !found.role) return undefined
  const [inline, managed] = found.role ? await policiesOf(name, cloud) : [{}, []]
  return {
    id: found.profile?.Arn ?? found.role?.Arn ?? name,
    // of a stranger's role nothing may be changed, though the profile were ours
    tags: tagMap((found.role ?? found.profile)?.Tags),
    name,
    path: (found.role ?? found.profile)?.Path ?? '/',
    arn: found.profile?.Arn,
    roleArn: found.role?.Arn,
    joined: found.profile?.Roles?.some((one) => one.RoleName === name) ?? false,
    trusted: trustedBy(found.role),
    inline,
    managed,
    boundary: found.role?.PermissionsBoundary?.PermissionsBoundaryArn,
  }
}

async function policiesOf(
  RoleName: string,
  cloud: Cloud,
): Promise<readonly [Readonly<Record<string, Value>>, readonly string[]]> {
  const client = await cloud.client('iam')
  const inline: Record<string, Value> = {}
  const managed: string[] = []
  for await (const page of paginateListRolePolicies({ client }, { RoleName })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
      inline[PolicyName] = documentOf(PolicyDocument)
    }
  }
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName }))
    managed.push(...(page.AttachedPolicies ?? []).flatMap((policy) => policy.PolicyArn ?? []))
  return [inline, managed]
}

/** IAM answers documents URL-encoded (RFC 3986). */
function documentOf(text: string): Value {
  try {
    return JSON.parse(decodeURIComponent(text)) as Value
  } catch {
    return text
  }
}

function trustedBy(role: Role | undefined): readonly string[] {
  const document = documentOf(role?.AssumeRolePolicyDocument ?? '{}') as {
    Statement?: readonly { Effect?: string; Principal?: { Service?: string | readonly string[] } }[]
  }
  const statements = Array.isArray(document.Statement) ? document.Statement : []
  return statements.flatMap((one) => (one.Effect === 'Allow' ? [one.Principal?.Service ?? []].flat() : []))
}
