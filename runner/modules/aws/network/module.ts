import type { CloudModule } from '../../module.ts'
import { apply, destroy, ready, tag } from './apply.ts'
import { charges } from './charges.ts'
import { diff, foreseen } from './diff.ts'
import type { Args, Network } from './design.ts'
import { check, read } from './read.ts'
import { owned } from './read-owned.ts'
import { args, key, returns, summary } from './schema.ts'
import { updates } from './updates.ts'

export const module: CloudModule<Args, Network> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  lookup: ({ cidr }) => cidr === undefined,
  read,
  check,
  diff,
  charges,
  apply,
  ready,
  returned: ({ id, cidr, zones, publicSubnets, privateSubnets, made }) => ({
    vpc_id: id,
    cidr,
    zones,
    public_subnets: publicSubnets,
    private_subnets: privateSubnets,
    nat_addresses: (made?.nats ?? []).flatMap(({ state, publicIp }) => (state === 'available' ? (publicIp ?? []) : [])),
  }),
  foreseen,
  destroy,
  owned,
  tag,
  updates,
  usual: { create: 30, update: 20, destroy: 90 },
}
