import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagCertificate } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff, type Certificate } from './diff.ts'
import { owned } from './read-owned.ts'
import { read } from './read.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Certificate> = {
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
  tag: tagCertificate,
  returned: ({ id, expires, validation, pending }) => ({
    validation: validation.map((one) => ({ ...one })),
    ...(pending === undefined && { arn: id }),
    ...(expires !== undefined && { expires }),
  }),
  unsettled: ['expires'],
  updates,
  usual: { create: 120, update: 5, destroy: 10 },
}
