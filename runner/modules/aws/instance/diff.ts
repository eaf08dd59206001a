import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Machine } from './read.ts'
import type { args } from './schema.ts'

/** An alias of an image only counts when the instance is made: a newer image must not replace what runs. */
export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Machine | undefined): Change {
  const { image, type, key_name, subnet, security_groups, iam_profile, metadata_hops } = want
  const alias = typeof image === 'string' && /^(ssm|name):/.test(image)
  const wanted = {
    image: have && alias ? undefined : image,
    type,
    key_name,
    subnet,
    security_groups,
    iam_profile,
    metadata_hops,
    // who may ask without a token can be made to tell its credentials (IMDSv1); AWS lets it be turned on again
    imds_tokens: have?.imdsTokens === undefined ? undefined : 'required',
    state: have ? 'running' : undefined,
  }
  const there = have && {
    image: have.imageId,
    type: have.type,
    key_name: have.keyName,
    subnet: have.subnet,
    security_groups: have.securityGroups,
    iam_profile: have.profile,
    metadata_hops: have.metadataHops,
    imds_tokens: have.imdsTokens,
    state: have.state === 'pending' ? 'running' : have.state,
  }
  return compare(wanted, there, { sets: ['security_groups'], replace: ['image', 'subnet', 'key_name'] })
}
