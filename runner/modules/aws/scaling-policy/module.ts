import type { ArgsOf, CloudModule } from '../../module.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff } from './diff.ts'
import { read, type Policy } from './read.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: CloudModule<ArgsOf<typeof args>, Policy> = {
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
  returned: ({ id, name }) => ({ arn: id, name }),
  usual: { create: 1, destroy: 1 },
}
