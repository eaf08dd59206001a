import { DescribeSubnetsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { module as template } from '../../../runner/modules/aws/launch-template/module.ts'
import type { Found } from '../../../runner/modules/module.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { ubuntuImage } from '../../lab/overlay/images.ts'
import type { Virtual } from './virtual.ts'

/** Where the tests of scaling groups make them. */
export interface Place {
  readonly vpc: string
  readonly zones: readonly string[]
}

export async function placeIn(aws: Virtual): Promise<Place> {
  const ec2 = await (await aws.cloud()).client('ec2')
  const { Vpcs: [found] = [] } = await ec2.send(new DescribeVpcsCommand({}))
  const vpc = found?.VpcId ?? ''
  const { Subnets: subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
  )
  return { vpc, zones: subnets.map((one) => one.SubnetId ?? '').slice(0, 3) }
}

/** What a group is told that is of this version of its launch template, which is made if it is not there. */
export async function grouped(aws: Virtual, { zones }: Place, version = 1, more: Values = {}): Promise<Values> {
  const user_data = `#!/bin/sh\necho ${version}\n`
  const want = { name: 'shop', image: ubuntuImage, type: 't3.small', user_data, ...more }
  const cloud = await aws.cloud()
  const have = await template.read(want as never, cloud)
  const change = template.diff(want as never, have as never)
  if (change.action !== 'none') await template.apply(change, want as never, have as never, cloud)
  const there = (await template.read(want as never, cloud)) as Found
  return {
    name: 'shop',
    launch_template: { id: there.id, version },
    min_size: 1,
    max_size: 4,
    desired: 2,
    subnets: zones,
  }
}
