import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { isMap, Unknown } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Template } from './read.ts'
import type { args } from './schema.ts'

export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Template | undefined): Change {
  const { image, type, key_name, security_groups, iam_profile, user_data, root_volume } = want
  if (user_data instanceof Secret || (user_data instanceof Unknown && user_data.secret)) {
    throw failure('E759', 'user data must not hold a secret: everything on the instance can read it', {
      hint: 'let the application read it from Secrets Manager or SSM',
    })
  }
  const wanted = {
    image,
    type,
    key_name,
    security_groups,
    iam_profile,
    user_data,
    root_volume: isMap(root_volume) ? { ...root_volume, type: root_volume.type ?? 'gp3' } : root_volume,
    metadata_hops: want.metadata_hops ?? (have ? undefined : 1),
    imds_tokens: have && 'required',
    tags: want.tags,
  }
  const there = have && {
    image: have.image,
    type: have.type,
    key_name: have.keyName,
    security_groups: have.securityGroups,
    iam_profile: have.profile,
    user_data: have.userData,
    root_volume: have.rootSize === undefined ? undefined : { size: have.rootSize, type: have.rootType ?? 'gp3' },
    metadata_hops: have.metadataHops ?? 1,
    imds_tokens: have.imdsTokens ?? 'required',
    tags: managed(want.tags, have.instanceTags),
  }
  const change = compare(wanted, there, { sets: ['security_groups'] })
  const { old = [] } = have ?? {}
  return have && change.action === 'update' && old.length > 0
    ? {
        ...change,
        why: `version ${have.version + 1} is made, ${old.length === 1 ? 'version' : 'versions'} ${listed(old)} deleted`,
      }
    : change
}

/** `1, 2, 3 are`; of many the first and the last: `1 … 40 are`. */
function listed(numbers: readonly number[]): string {
  const [first, ...rest] = numbers
  if (rest.length === 0) return `${first} is`
  return rest.length < 5 ? `${numbers.join(', ')} are` : `${first} … ${rest.at(-1)} (${numbers.length}) are`
}

/** Of the tags those that are asked for. */
function managed(wanted: unknown, there: Template['instanceTags']): unknown {
  if (!isMap(wanted)) return undefined
  return Object.fromEntries(
    Object.keys(wanted).flatMap((name) => (there?.[name] === undefined ? [] : [[name, there[name]]])),
  )
}
