import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEc2 } from '../apply-tags.ts'
import { apply, destroy } from './apply.ts'
import { diff } from './diff.ts'
import { read, type KeyPair } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, KeyPair> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read,
  diff,
  apply,
  ready: (_want, have) => Promise.resolve(have),
  returned: ({ id, name }) => ({ id, name }),
  destroy,
  owned,
  tag: tagEc2,
  updates,
  usual: { create: 1, destroy: 1 },
}
