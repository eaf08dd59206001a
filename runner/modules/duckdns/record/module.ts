import type { CloudModule } from '../../module.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff, type Args, type Records } from './diff.ts'
import { read } from './read.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<Args, Records> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read: async (want, cloud) => await read(want, cloud),
  diff,
  apply,
  ready,
  destroy,
  returned: ({ name }) => ({ name }),
  updates,
  usual: { create: 60, update: 60, destroy: 2 },
}
