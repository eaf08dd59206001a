import {
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeLaunchTemplates,
  type LaunchTemplate,
  type LaunchTemplateVersion,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import { oldVersions } from './read-versions.ts'
import { args } from './schema.ts'

export const keepUsually = args.properties.keep.default

export interface Template extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly version: number
  readonly image: string | undefined
  readonly type: string | undefined
  readonly keyName: string | undefined
  readonly securityGroups: readonly string[]
  readonly profile: string | undefined
  readonly userData: string | undefined
  readonly rootSize: number | undefined
  readonly rootType: string | undefined
  readonly metadataHops: number | undefined
  readonly imdsTokens: string | undefined
  /** Versions that go when another one comes. */
  readonly old?: readonly number[]
  /** Tags that instances get. */
  readonly instanceTags: Readonly<Record<string, string>> | undefined
}

export function templates(cloud: Cloud): Promise<readonly LaunchTemplate[]> {
  return cloud.once('ec2:launch-templates', async () => {
    const found: LaunchTemplate[] = []
    for await (const page of paginateDescribeLaunchTemplates({ client: await cloud.client('ec2') }, {}))
      found.push(...(page.LaunchTemplates ?? []))
    return found
  })
}

/** The newest version of every template of the account, in one call. */
export function versions(cloud: Cloud): Promise<readonly LaunchTemplateVersion[]> {
  return cloud.once('ec2:launch-template-versions', async () => {
    const found: LaunchTemplateVersion[] = []
    for await (const page of paginateDescribeLaunchTemplateVersions(
      { client: await cloud.client('ec2') },
      { Versions: ['$Latest'] },
    ))
      found.push(...(page.LaunchTemplateVersions ?? []))
    return found
  })
}

/** As few versions as there usually are cost no look of their own. */
async function surplus(found: LaunchTemplate, keep: unknown, cloud: Cloud): Promise<readonly number[]> {
  const most = typeof keep === 'number' ? keep : keepUsually
  if (found.LaunchTemplateId === undefined || (found.LatestVersionNumber ?? 0) < most) return []
  return await oldVersions(found.LaunchTemplateId, most - 1, cloud)
}

export async function read(
  want: Pick<ArgsOf<typeof args>, 'name'> & { readonly keep?: unknown },
  cloud: Cloud,
): Promise<Template | undefined> {
  const found = (await templates(cloud)).find((template) => template.LaunchTemplateName === want.name)
  if (!found?.LaunchTemplateId) return undefined
  const newest = (await versions(cloud)).find((version) => version.LaunchTemplateId === found.LaunchTemplateId)
  const data = newest?.LaunchTemplateData
  return {
    id: found.LaunchTemplateId,
    tags: tagMap(found.Tags),
    name: want.name,
    old: await surplus(found, want.keep, cloud),
    version: newest?.VersionNumber ?? found.LatestVersionNumber ?? 0,
    image: data?.ImageId,
    type: data?.InstanceType,
    keyName: data?.KeyName,
    securityGroups: data?.SecurityGroupIds ?? data?.NetworkInterfaces?.[0]?.Groups ?? [],
    profile: data?.IamInstanceProfile?.Name,
    userData: data?.UserData === undefined ? undefined : Buffer.from(data.UserData, 'base64').toString('utf8'),
    rootSize: data?.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize,
    rootType: data?.BlockDeviceMappings?.[0]?.Ebs?.VolumeType,
    metadataHops: data?.MetadataOptions?.HttpPutResponseHopLimit,
    imdsTokens: data?.MetadataOptions?.HttpTokens ?? 'optional',
    instanceTags: tagMap(data?.TagSpecifications?.find((one) => one.ResourceType === 'instance')?.Tags),
  }
}
