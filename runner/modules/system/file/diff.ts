import { failure } from '../../../language/diagnostic.ts'
import { compare, nothing, type Action, type Change } from '../../../plan/change.ts'
import { Unknown } from '../../../plan/unknown.ts'
import { attributesThere, attributesWanted, normalPath, type PathState } from '../path-state.ts'
import type { Have, Want } from './probe.ts'

/** What is to change about the thing at the path. */
export function diff(want: Want, have: Have): Change {
  const state = want.state ?? 'file'
  if (state instanceof Unknown || typeof state !== 'string')
    return compare({ state, ...attributesWanted(want) }, { state: have.type, ...attributesThere(want, have) })
  if (state === 'absent') return removal(want.path, have)
  if (state === 'hard') return hardLink(want, have)
  return state === 'link' ? link(want, have) : fileOrDirectory(want, state, have)
}

function removal(path: string, have: Have): Change {
  if (/^\/[^/]*$/.test(normalPath(path)))
    throw failure('E753', `${path} is not removed: it holds the system`, {
      hint: 'only what lies deeper can be removed',
    })
  if (have.type === 'absent') return nothing
  return { action: 'delete', fields: [{ path: 'state', before: have.type, after: 'absent', known: true }] }
}

function link(want: Want, have: Have): Change {
  if (want.src === undefined) throw failure('E753', '`state: link` needs `src`: what the link points to')
  if (want.mode !== undefined)
    throw failure('E753', 'a link has no mode of its own', {
      hint: 'set the mode of what it points to in a task of its own',
    })
  const replaceable = want.force === true && have.type === 'file'
  if (have.type !== 'absent' && have.type !== 'link' && !replaceable && !(want.force instanceof Unknown))
    throw failure('E751', `a ${have.type} is where the link ${want.path} is to be`, {
      hint: have.type === 'file' ? '`force: true` replaces it' : 'remove it first, with `state: absent`',
    })
  const { owner, group } = attributesWanted(want)
  const there = attributesThere(want, have)
  return compare(
    { state: 'link', src: want.src, owner, group },
    have.type === 'absent' ? undefined : { ...there, state: have.type, src: have.target },
  )
}

function hardLink(want: Want, have: Have): Change {
  if (want.src === undefined || (typeof want.src === 'string' && !want.src.startsWith('/')))
    throw failure('E753', '`state: hard` needs `src`: the absolute path of the file')
  const replaceable = want.force === true || want.force instanceof Unknown
  const other = have.type === 'file' && have.linked === false
  if ((have.type !== 'absent' && have.type !== 'file') || (other && !replaceable))
    throw failure('E751', `${want.path} is a ${have.type === 'file' ? 'file of its own' : have.type}`, {
      hint: have.type === 'file' ? '`force: true` replaces it' : 'remove it first, with `state: absent`',
    })
  const wanted = { src: want.src, ...attributesWanted(want) }
  if (have.type === 'absent') return compare({ state: 'hard', ...wanted }, undefined)
  return compare(wanted, { ...attributesThere(want, have), src: other ? 'another file' : want.src })
}

function fileOrDirectory(want: Want, state: 'file' | 'directory' | 'touch', have: Have): Change {
  const type = state === 'directory' ? 'directory' : 'file'
  const there = effective(have)
  if (have.type === 'link' && there.type === 'absent')
    throw failure('E751', `${want.path} is a link to ${have.target}, where there is nothing`)
  if (there.type !== 'absent' && there.type !== type)
    throw failure('E751', `${want.path} is a ${there.type}, not a ${type}`, {
      hint: 'remove it first, with `state: absent`',
    })
  const wanted = { state: type, ...attributesWanted(want) }
  if (there.type === 'absent' && state === 'file') return awaited(want.path, wanted, have)
  const change = compare(
    wanted,
    there.type === 'absent' ? undefined : { state: there.type, ...attributesThere(want, there) },
  )
  if (have.differs === undefined) return change
  const known = want.recurse === true
  const below = {
    path: 'recurse',
    before: `${have.differs} differs`,
    known,
    ...(known && { after: 'as wanted, all of it' }),
  }
  return { action: known ? 'update' : orUnknown(change), fields: [...change.fields, below] }
}

/** Only a host that does not exist yet may turn out to have the file. */
function awaited(path: string, wanted: Readonly<Record<string, unknown>>, have: Have): Change {
  if (have.assumed) return { ...compare(wanted, { state: 'absent' }), why: 'expected to be there once the host is' }
  throw failure('E756', `${path} is not there`, {
    hint: '`state: touch` makes an empty file, system.copy one with content',
  })
}

/** What a link leads to: chmod, chown and mkdir follow it, too. */
export function effective(have: Have): PathState {
  return have.through ?? have
}

function orUnknown(change: Change): Action {
  return change.action === 'none' ? 'unknown' : change.action
}
