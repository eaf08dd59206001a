import { paginateDescribeLaunchTemplateVersions } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { groups } from '../autoscaling-group/read.ts'
import { instances } from '../instance/read.ts'
import { tagMap } from '../tags.ts'

/**
 * Versions of a template beyond so many of the newest, the oldest first: but the default (EC2 refuses it), what a scaling group names, also by
 * `$Default`, and what an instance was launched from stay.
 */
export async function oldVersions(id: string, keep: number, cloud: Cloud): Promise<readonly number[]> {
  const all: { readonly number: number; readonly standard: boolean }[] = []
  for await (const page of paginateDescribeLaunchTemplateVersions(
    { client: await cloud.client('ec2'), pageSize: 200 },
    { LaunchTemplateId: id },
  ))
    for (const { VersionNumber: number, DefaultVersion: standard = false } of page.LaunchTemplateVersions ?? [])
      if (number !== undefined) all.push({ number, standard })
  const beyond = all.toSorted((a, b) => b.number - a.number).slice(keep)
  if (beyond.length === 0) return []
  const used = await usedVersions(id, cloud)
  return beyond
    .filter(({ number, standard }) => !standard && !used.has(String(number)))
    .map(({ number }) => number)
    .toReversed()
}

async function usedVersions(id: string, cloud: Cloud): Promise<ReadonlySet<string>> {
  const used = new Set<string>()
  for (const { LaunchTemplate: own, MixedInstancesPolicy: mixed, Instances = [] } of await groups(cloud)) {
    const { LaunchTemplateSpecification: usual, Overrides = [] } = mixed?.LaunchTemplate ?? {}
    const others = [
      ...Overrides.map((one) => one.LaunchTemplateSpecification),
      ...Instances.map((one) => one.LaunchTemplate),
    ]
    for (const one of [own, usual, ...others])
      if (one?.LaunchTemplateId === id && one.Version !== undefined) used.add(one.Version)
  }
  // EC2 says by tags what an instance was launched from (EC2 User Guide, Launch instances from a launch template)
  for (const { Tags } of await instances(cloud)) {
    const tags = tagMap(Tags)
    if (tags['aws:ec2launchtemplate:id'] === id) used.add(tags['aws:ec2launchtemplate:version'] ?? '')
  }
  return used
}
