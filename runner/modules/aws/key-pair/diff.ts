import { createHash } from 'node:crypto'
import { compare, type Change } from '../../../plan/change.ts'
import { known } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { KeyPair } from './read.ts'
import type { args } from './schema.ts'

/** The part of a public key that counts, as `ssh-keygen -l` sums it up: its comment does not. */
export function fingerprintOf(publicKey: string): string {
  const [, body = ''] = publicKey.trim().split(/\s+/)
  return createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64').replace(/=+$/, '')
}

/** AWS never gives a key back, so its fingerprint is kept in a tag. */
export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: KeyPair | undefined): Change {
  const public_key = known(want.public_key, (text) =>
    fingerprintOf(text instanceof Secret ? text.reveal() : (text as string)),
  )
  return compare({ public_key }, have && { public_key: have.tags['runner:fingerprint'] }, { replace: ['public_key'] })
}
