import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagScalingGroup } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
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
  charges,
  apply,
  ready,
  destroy,
  owned,
  tag: tagScalingGroup,
  uses: ['aws.launch_template', 'aws.target_group', 'aws.network'],
  returned: ({ id, arn }) => ({ name: id, arn }),
  updates,
  usual: { create: 180, update: 300, destroy: 180 },
}
