import { AddTagsToCertificateCommand } from '@aws-sdk/client-acm'
import { CreateOrUpdateTagsCommand } from '@aws-sdk/client-auto-scaling'
import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { TagResourceCommand } from '@aws-sdk/client-efs'
import { TagInstanceProfileCommand, TagRoleCommand } from '@aws-sdk/client-iam'
import { AddTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { AddTagsToResourceCommand } from '@aws-sdk/client-rds'
import type { Cloud } from '../../connections/cloud.ts'
import type { Found } from '../module.ts'
import { tagList } from './tags.ts'

type Tags = Readonly<Record<string, string>>

/** Tags of what EC2 has, by id; with all that belongs to it. */
export async function tagEc2({ id, parts = [] }: Found, tags: Tags, cloud: Cloud): Promise<void> {
  const Resources = [...new Set([id, ...parts])]
  await (await cloud.client('ec2')).send(new CreateTagsCommand({ Resources, Tags: tagList(tags) }))
}

/** Of load balancers and target groups, whose id is their ARN. */
export async function tagElb({ id, parts = [] }: Found, tags: Tags, cloud: Cloud): Promise<void> {
  const ResourceArns = [...new Set([id, ...parts])]
  await (await cloud.client('elb')).send(new AddTagsCommand({ ResourceArns, Tags: tagList(tags) }))
}

export async function tagRds({ arn }: Found & { readonly arn: string }, tags: Tags, cloud: Cloud): Promise<void> {
  await (await cloud.client('rds')).send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: tagList(tags) }))
}

export async function tagEfs({ id }: Found, tags: Tags, cloud: Cloud): Promise<void> {
  await (await cloud.client('efs')).send(new TagResourceCommand({ ResourceId: id, Tags: tagList(tags) }))
}

/** Of a scaling group; its instances are not told. */
export async function tagScalingGroup({ id }: Found, tags: Tags, cloud: Cloud): Promise<void> {
  const group = { ResourceId: id, ResourceType: 'auto-scaling-group', PropagateAtLaunch: false }
  await (
    await cloud.client('autoscaling')
  ).send(new CreateOrUpdateTagsCommand({ Tags: tagList(tags).map((tag) => ({ ...tag, ...group })) }))
}

export async function tagCertificate({ id, parts = [] }: Found, tags: Tags, cloud: Cloud): Promise<void> {
  const acm = await cloud.client('acm')
  for (const CertificateArn of new Set([id, ...parts]))
    await acm.send(new AddTagsToCertificateCommand({ CertificateArn, Tags: tagList(tags) }))
}

/** Of the role and of the profile, as far as they are there. */
export async function tagProfile(
  {
    name,
    arn,
    roleArn,
  }: { readonly name: string; readonly arn: string | undefined; readonly roleArn: string | undefined },
  tags: Tags,
  cloud: Cloud,
): Promise<void> {
  const iam = await cloud.client('iam')
  if (roleArn !== undefined) await iam.send(new TagRoleCommand({ RoleName: name, Tags: tagList(tags) }))
  if (arn !== undefined)
    await iam.send(new TagInstanceProfileCommand({ InstanceProfileName: name, Tags: tagList(tags) }))
}
