import { createHash, randomBytes } from 'node:crypto'
import type { EntityManager } from '../orm/database.ts'
import { Session } from './entities.ts'
import type { Role } from './entities.ts'

/** How long a session lasts, in seconds. */
export const lifetime = 12 * 3600

export interface Found {
  readonly digest: string
  readonly user: { readonly id: number; readonly name: string; readonly email: string; readonly role: Role }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whose session this token is; nobody's when it has ended. */
export async function findSession(em: EntityManager, token: string): Promise<Found | undefined> {
  const digest = digestOf(token)
  const session = await em.findOne(
    Session,
    { digest, expiresAt: { $gt: new Date() } },
    { populate: ['user'], fields: ['digest', 'user.id', 'user.name', 'user.email', 'user.role'] },
  )
  if (session === null) return undefined
  const { id, name, email, role } = session.user
  return { digest, user: { id, name, email, role } }
}

/** Begins a session: always with a new token, so that none that was known before the login is worth anything. */
export async function openSession(em: EntityManager, user: number): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const now = Date.now()
  await em.insert(Session, {
    digest: digestOf(token),
    user,
    createdAt: new Date(now),
    expiresAt: new Date(now + lifetime * 1000),
  })
  return token
}

export async function closeSession(em: EntityManager, digest: string): Promise<void> {
  await em.nativeDelete(Session, { digest })
}

/** Ends all sessions of a user, for example when his role is another. */
export async function closeSessionsOf(em: EntityManager, user: number): Promise<void> {
  await em.nativeDelete(Session, { user })
}
