import type { Tag } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { addresses } from '../elastic-ip/read.ts'
import { isOurs, partTag, tagMap } from '../tags.ts'
import { internetGateways, vpcs } from './read-lists.ts'

/** The networks of this playbook; also those of which only an address or a gateway is left, which are in no VPC. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string; readonly cidr: string }[]> {
  const [all, loose, gateways] = await Promise.all([vpcs(cloud), addresses(cloud), internetGateways(cloud)])
  const names = new Map<string, string>()
  for (const { Tags, ...one } of [...all, ...loose, ...gateways] as readonly { Tags?: Tag[]; CidrBlock?: string }[]) {
    const name = tagMap(Tags)[partTag]
    if (name !== undefined && isOurs(Tags, cloud)) names.set(name, names.get(name) ?? one.CidrBlock ?? '10.0.0.0/16')
  }
  return [...names].map(([name, cidr]) => ({ name, cidr }))
}
