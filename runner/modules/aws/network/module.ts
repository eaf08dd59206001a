import { nothing } from '../../../plan/change.ts'
import type { ArgsOf, CloudModule } from '../../module.ts'
import { read, type Network } from './read.ts'
import { args, key, returns, summary } from './schema.ts'

export const module: CloudModule<ArgsOf<typeof args>, Network> = {
  on: 'aws',
  summary,
  args,
  returns,
  key,
  lookup: true,
  read,
  diff: () => nothing,
  apply: () => Promise.resolve(),
  ready: (_want, have) => Promise.resolve(have),
  returned: ({ id, cidr, zones, publicSubnets, privateSubnets }) => ({
    vpc_id: id,
    cidr,
    zones,
    public_subnets: publicSubnets,
    private_subnets: privateSubnets,
  }),
  destroy: () => Promise.resolve(),
}
