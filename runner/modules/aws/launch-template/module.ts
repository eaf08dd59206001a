import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type Template } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Template> = {
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
  uses: ['aws.image', 'aws.security_group', 'aws.key_pair', 'aws.instance_profile'],
  returned: ({ id, name, version }) => ({ id, name, version }),
  unsettled: ['version'],
  updates,
  usual: { create: 2, update: 2, destroy: 2 },
}
