import { DescribeKeyPairsCommand, type KeyPairInfo } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import type { args } from './schema.ts'

export interface KeyPair extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
}

export function keyPairs(cloud: Cloud): Promise<readonly KeyPairInfo[]> {
  return cloud.once(
    'ec2:key-pairs',
    async () => (await (await cloud.client('ec2')).send(new DescribeKeyPairsCommand({}))).KeyPairs ?? [],
  )
}

export async function read(want: Pick<ArgsOf<typeof args>, 'name'>, cloud: Cloud): Promise<KeyPair | undefined> {
  const found = (await keyPairs(cloud)).find((one) => one.KeyName === want.name)
  return found && { id: found.KeyPairId ?? want.name, name: want.name, tags: tagMap(found.Tags) }
}
