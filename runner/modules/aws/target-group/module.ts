import type { CloudModule } from '../../module.ts'
import { tagElb } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff, type Args, type Have } from './diff.ts'
import { read } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read,
  diff,
  apply,
  ready,
  returned: (have) => ({ arn: have.arn, name: have.name }),
  destroy,
  owned,
  tag: tagElb,
  uses: ['aws.network'],
  updates,
  usual: { create: 3, update: 3, destroy: 5 },
} satisfies CloudModule<Args, Have>
