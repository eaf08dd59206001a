import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
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
  const wanted = { image, type, key_name, security_groups, iam_profile, user_data, root_volume }
  const there = have && {
    image: have.image,
    type: have.type,
    key_name: have.keyName,
    security_groups: have.securityGroups,
    iam_profile: have.profile,
    user_data: have.userData,
    root_volume: have.rootSize === undefined ? undefined : { size: have.rootSize },
  }
  return compare(wanted, there, { sets: ['security_groups'] })
}
