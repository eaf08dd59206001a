import type { ArgsOf, CloudModule } from '../../module.ts'
import { tagRds } from '../apply-tags.ts'
import { apply, destroy, ready } from './apply.ts'
import { charges } from './charges.ts'
import { diff } from './diff.ts'
import { checkClass } from './read-offers.ts'
import { read, type Cluster } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<ArgsOf<typeof args>, Cluster> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  read,
  check: checkClass,
  diff,
  charges,
  apply,
  ready,
  destroy,
  owned,
  tag: tagRds,
  uses: ['aws.db_subnet_group', 'aws.security_group'],
  holdsData: true,
  returned: ({ name, arn, endpoint, readerEndpoint, port, secretArn, version }) => ({
    name,
    arn,
    version,
    ...(endpoint !== undefined && { endpoint }),
    ...(readerEndpoint !== undefined && { reader_endpoint: readerEndpoint }),
    ...(port !== undefined && { port }),
    ...(secretArn !== undefined && { password_secret_arn: secretArn }),
  }),
  updates,
  usual: { create: 900, update: 900, destroy: 420 },
}
