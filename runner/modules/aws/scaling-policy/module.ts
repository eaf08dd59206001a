import type { ArgsOf, CloudModule } from '../../module.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type Policy } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Policy> = {
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
  uses: ['aws.autoscaling_group'],
  returned: ({ id, name }) => ({ arn: id, name }),
  updates,
  usual: { create: 1, destroy: 1 },
}
