import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagElb } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { read, type Balancer } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Balancer> = {
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
  tag: tagElb,
  uses: ['aws.target_group', 'aws.security_group', 'aws.certificate', 'aws.network'],
  returned: ({ id, name, dnsName, zoneId }) => ({ arn: id, name, dns_name: dnsName, zone_id: zoneId }),
  updates,
  usual: { create: 150, update: 10, destroy: 20 },
}
