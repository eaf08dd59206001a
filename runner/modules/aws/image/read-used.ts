import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { groups } from '../autoscaling-group/read.ts'
import { ignoreMissing } from '../errors.ts'
import { instances } from '../instance/read.ts'
import { versions } from '../launch-template/read.ts'

/**
 * Images that something would be missing: of instances that are there, of the newest version of each launch template, and of the
 * versions from which scaling groups start instances (a group whose image is gone starts none any more).
 */
export async function usedImages(cloud: Cloud): Promise<ReadonlySet<string>> {
  cloud.changed('ec2:instances')
  cloud.changed('autoscaling:groups')
  const ec2 = await cloud.client('ec2')
  const used = new Set<string>()
  for (const { ImageId } of await instances(cloud)) used.add(ImageId ?? '')
  for (const { LaunchTemplateData } of await versions(cloud)) used.add(LaunchTemplateData?.ImageId ?? '')
  for (const { LaunchTemplate: own, MixedInstancesPolicy: mixed, Instances = [] } of await groups(cloud)) {
    const templates = [
      own,
      mixed?.LaunchTemplate?.LaunchTemplateSpecification,
      ...Instances.map((one) => one.LaunchTemplate),
    ]
    const seen = new Set<string>()
    for (const { LaunchTemplateId, Version } of templates.flatMap((one) => one ?? [])) {
      const key = `${LaunchTemplateId} ${Version}`
      if (LaunchTemplateId === undefined || Version === undefined || seen.has(key)) continue
      seen.add(key)
      const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] })
      const answer = await ec2.send(command).catch(ignoreMissing)
      for (const { LaunchTemplateData } of answer?.LaunchTemplateVersions ?? [])
        used.add(LaunchTemplateData?.ImageId ?? '')
    }
  }
  return used
}
