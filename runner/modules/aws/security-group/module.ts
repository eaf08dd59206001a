import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff } from './diff.ts'
import { read, type Group } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Group> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read,
  diff,
  apply,
  ready,
  destroy,
  owned,
  tag: tagEc2,
  uses: ['aws.network'],
  returned: ({ id, name, arn }) => ({ id, name, arn }),
  within: ['vpc'],
  updates,
  usual: { create: 3, destroy: 60 },
}
