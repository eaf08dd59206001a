import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagEfs } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type FileSystem } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, FileSystem> = {
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
  tag: tagEfs,
  uses: ['aws.security_group', 'aws.network'],
  holdsData: true,
  returned: ({ id, arn, name, dnsName }) => ({ id, arn, name, dns_name: dnsName }),
  updates,
  usual: { create: 90, update: 60, destroy: 90 },
}
