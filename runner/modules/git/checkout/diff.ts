import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown, type Unknown } from '../../../plan/unknown.ts'
import type { Secret } from '../../../secret.ts'

/** What is on the host and at the repository. */
export interface Have {
  /** Commit of the working copy; undefined: there is none. */
  readonly head: string | undefined
  readonly origin: string | undefined
  readonly owner: string | undefined
  readonly dirty: boolean
  /** Commit that is wanted; undefined: there is nothing yet to ask with. */
  readonly wanted: string | undefined
  /** Why it could not be asked. */
  readonly missing: string | undefined
}

interface Want {
  readonly dest: string
  readonly version?: string | undefined
  readonly depth?: number | Unknown | undefined
  readonly force?: boolean | Unknown | undefined
  readonly owner?: string | Secret | Unknown | undefined
}

/** Compares; files that somebody changed on the host are in the way unless they are to be thrown away. */
export function diff({ dest, version = 'HEAD', depth, force, owner }: Want, url: string | Secret, have: Have): Change {
  // how it is fetched is no difference by itself, but as long as it is not known it can't be said what happens
  const open = Object.entries({ depth, force })
    .filter(([, value]) => firstUnknown(value))
    .map(([path]) => ({ path, known: false }))
  if (have.head === undefined) {
    const change = compare({ version: have.wanted ?? version, owner }, undefined)
    return { ...change, fields: [...change.fields, ...open], ...(have.missing !== undefined && { why: have.missing }) }
  }
  if (have.dirty && force !== true && !firstUnknown(force))
    throw failure('E776', `files of ${dest} were changed on the host`, {
      hint: 'commit them elsewhere, or say `force: true` to throw them away',
    })
  const change = compare(
    { version: have.wanted, repo: url, owner, local_changes: have.dirty ? 'none' : undefined },
    { version: have.head, repo: have.origin, owner: have.owner, local_changes: 'there are some' },
  )
  if (open.length === 0) return change
  const why = firstUnknown([depth ?? null, force ?? null])?.why ?? ''
  return { action: change.action === 'none' ? 'unknown' : change.action, fields: [...change.fields, ...open], why }
}
