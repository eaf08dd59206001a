import { DeleteKeyPairCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { tagList } from '../tags.ts'
import { fingerprintOf } from './diff.ts'
import type { KeyPair } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(change: Change, want: Want, have: KeyPair | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) await destroy(want, have, cloud)
  const tags = { ...cloud.tags, 'runner:fingerprint': fingerprintOf(want.public_key) }
  await (
    await cloud.client('ec2')
  ).send(
    new ImportKeyPairCommand({
      KeyName: want.name,
      PublicKeyMaterial: Buffer.from(want.public_key),
      TagSpecifications: [{ ResourceType: 'key-pair', Tags: tagList(tags) }],
    }),
  )
  cloud.changed('ec2:key-pairs')
}

export async function destroy(want: Want, _have: KeyPair, cloud: Cloud): Promise<void> {
  await (await cloud.client('ec2')).send(new DeleteKeyPairCommand({ KeyName: want.name }))
  cloud.changed('ec2:key-pairs')
}
