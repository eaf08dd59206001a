import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagProfile } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff, type Profile } from './diff.ts'
import { owned } from './read-owned.ts'
import { read } from './read.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Profile> = {
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
  tag: tagProfile,
  returned: ({ name, arn, roleArn }) => ({
    name,
    ...(arn !== undefined && { arn }),
    ...(roleArn !== undefined && { role_arn: roleArn }),
  }),
  updates,
  usual: { create: 10, update: 3, destroy: 5 },
}
