import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type Machine } from './read.ts'
import { hostKeys } from './read-console.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Machine> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read,
  diff,
  charges,
  apply,
  ready,
  destroy,
  owned,
  hostKeys,
  tag: tagEc2,
  uses: ['aws.security_group', 'aws.key_pair', 'aws.instance_profile', 'aws.network'],
  returned: ({ id, name, imageId, privateIp, publicIp, publicDns }) => ({
    id,
    name,
    image_id: imageId,
    ...(privateIp !== undefined && { private_ip: privateIp }),
    ...(publicIp !== undefined && { public_ip: publicIp }),
    ...(publicDns !== undefined && { public_dns: publicDns }),
  }),
  host: (want, have) => {
    const address = want.address === 'private' ? have?.privateIp : (have?.publicIp ?? have?.privateIp)
    return {
      name: want.name,
      ...(want.group !== undefined && { group: want.group }),
      ...(address !== undefined && { address }),
      ...(have && { pinAs: have.id }),
    }
  },
  unsettled: ['public_ip', 'public_dns'],
  updates,
  usual: { create: 60, update: 90, destroy: 60 },
}
