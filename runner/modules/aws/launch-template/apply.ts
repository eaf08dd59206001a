import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeImagesCommand,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { requireProfile } from '../apply-profile.ts'
import { isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { keepUsually, read, type Template } from './read.ts'
import { oldVersions } from './read-versions.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** A new version with all that is wanted, made the default. */
export async function apply(change: Change, want: Want, have: Template | undefined, cloud: Cloud): Promise<void> {
  // AWS takes any name, and would refuse it only to the group or the instance made of it
  if (want.iam_profile !== undefined && change.fields.some(({ path }) => path === 'iam_profile'))
    await requireProfile(want.iam_profile, cloud)
  const ec2 = await cloud.client('ec2')
  const data = dataOf(want, await rootDevice(want, cloud), cloud)
  if (have) {
    const { LaunchTemplateVersion: made } = await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: have.id,
        LaunchTemplateData: data,
        ClientToken: cloud.token(have.id, String(have.version)),
      }),
    )
    await ec2.send(
      new ModifyLaunchTemplateCommand({
        LaunchTemplateId: have.id,
        DefaultVersion: String(made?.VersionNumber ?? have.version + 1),
      }),
    )
    await removeOld(have.id, want.keep ?? keepUsually, cloud)
  } else {
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: want.name,
        LaunchTemplateData: data,
        TagSpecifications: [{ ResourceType: 'launch-template', Tags: tagList(cloud.tags) }],
      }),
    )
  }
  cloud.changed('ec2:launch-template')
}

/** Who uses what is asked anew; what EC2 does not delete (it tells for each) is left for the next time. */
async function removeOld(id: string, keep: number, cloud: Cloud): Promise<void> {
  cloud.changed('autoscaling:groups')
  cloud.changed('ec2:instances')
  const old = (await oldVersions(id, keep, cloud)).map(String)
  const ec2 = await cloud.client('ec2')
  // at most 200 a call (EC2 API Reference, DeleteLaunchTemplateVersions)
  for (let at = 0; at < old.length; at += 200)
    await ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: old.slice(at, at + 200) }))
}

/** How the image calls its root volume; another name would add a second volume instead of making this one larger. */
async function rootDevice({ image, root_volume: volume }: Want, cloud: Cloud): Promise<string> {
  if (!volume) return ''
  const ec2 = await cloud.client('ec2')
  const { Images: [found] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [image] }))
  return found?.RootDeviceName ?? '/dev/sda1'
}

function dataOf(want: Want, device: string, cloud: Cloud): RequestLaunchTemplateData {
  const tags = tagList({
    ...want.tags,
    'runner:playbook': cloud.playbook,
    Name: want.name,
  })
  return {
    ImageId: want.image,
    InstanceType: want.type as never,
    MetadataOptions: {
      HttpTokens: 'required',
      HttpEndpoint: 'enabled',
      HttpPutResponseHopLimit: want.metadata_hops ?? 1,
    },
    TagSpecifications: [
      { ResourceType: 'instance', Tags: tags },
      { ResourceType: 'volume', Tags: tags },
    ],
    ...(want.key_name !== undefined && { KeyName: want.key_name }),
    ...(want.security_groups && { SecurityGroupIds: [...want.security_groups] }),
    ...(want.iam_profile !== undefined && { IamInstanceProfile: { Name: want.iam_profile } }),
    ...(want.user_data !== undefined && { UserData: Buffer.from(want.user_data).toString('base64') }),
    ...(want.root_volume?.size !== undefined && {
      BlockDeviceMappings: [
        {
          DeviceName: device,
          Ebs: {
            VolumeSize: want.root_volume.size,
            Encrypted: true,
            VolumeType: want.root_volume.type ?? 'gp3',
            DeleteOnTermination: true,
          },
        },
      ],
    }),
  }
}

export async function ready(want: Want, have: Template, cloud: Cloud): Promise<Template> {
  return (await read(want, cloud)) ?? have
}

export async function destroy(_want: Want, have: Template, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('ec2')
  )
    .send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: have.id }))
    .catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
  cloud.changed('ec2:launch-template')
}
