import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff, type ElasticIp } from './diff.ts'
import { owned } from './read-owned.ts'
import { read } from './read.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, ElasticIp> = {
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
  tag: tagEc2,
  uses: ['aws.instance'],
  returned: ({ id, publicIp, instance }) => ({
    id,
    public_ip: publicIp,
    ...(instance !== undefined && { instance }),
  }),
  unsettled: ['instance'],
  updates,
  usual: { create: 5, update: 5, destroy: 5 },
}
