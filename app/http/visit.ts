import type { Response } from 'express'
import type { Role } from '../accounts/entities.ts'
import type { EntityManager } from '../orm/database.ts'
import type { Locale, Translate } from './locale.ts'
import type { MessageKey } from './locales/en.ts'
import type { Log } from './log.ts'

export interface SignedIn {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly role: Role
}

export interface Note {
  readonly kind: 'good' | 'bad' | 'info'
  readonly key: MessageKey
  readonly values?: Readonly<Record<string, string | number>>
}

/** One request: who asks, in which language, and the database as it may be used for him. */
export interface Visit {
  readonly id: string
  readonly log: Log
  readonly locale: Locale
  readonly t: Translate
  readonly user: SignedIn | undefined
  /** The digest of the session's token. */
  readonly session: string | undefined
  /** For the hidden field of every form. */
  readonly csrf: string
  /** Told by the page before this one. */
  readonly notes: readonly Note[]
  /** Reads, so that the user sees what he himself has written before. */
  read<T>(work: (em: EntityManager) => Promise<T>): Promise<T>
  /** Writes in one transaction, and lets the user's next reads see it. */
  write<T>(work: (em: EntityManager) => Promise<T>, options?: { repeatable?: boolean }): Promise<T>
  /** Shown on the next page. */
  note(note: Note): Promise<void>
}

const visits = new WeakMap<Response, Visit>()

export function begin(response: Response, visit: Visit): void {
  visits.set(response, visit)
}

export function visitOf(response: Response): Visit {
  const visit = visits.get(response)
  if (visit === undefined) throw new Error('no visit has begun for this request')
  return visit
}

export function visitIfAny(response: Response): Visit | undefined {
  return visits.get(response)
}
