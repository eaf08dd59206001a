import type { ArgsOf, CloudModule } from '../../module.ts'
import { apply, destroy, ready } from './apply.ts'
import { diff, type DnsRecord } from './diff.ts'
import { read } from './read.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, DnsRecord> = {
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
  // records carry no tags, so nothing says whose one is
  owned: () => Promise.resolve([]),
  uses: ['aws.load_balancer', 'aws.elastic_ip'],
  returned: ({ name, zoneId }) => ({ name, zone_id: zoneId }),
  updates,
  usual: { create: 45, update: 45, destroy: 2 },
}
