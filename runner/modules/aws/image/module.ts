import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type Images } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Images> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  unsettled: ['id', 'image_name'],
  read,
  diff,
  charges,
  apply,
  ready,
  destroy,
  owned,
  tag: tagEc2,
  returned: ({ id, name }) => ({ id, image_name: name }),
  updates,
  usual: { create: 300, update: 300, destroy: 10 },
}
