import { hash, verify } from '@node-rs/argon2'
import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { z } from 'zod'
import { Refusal } from '../http/refusal.ts'
import { line } from '../http/fields.ts'
import type { EntityManager } from '../orm/database.ts'
import { User } from './entities.ts'

export const registration = z.object({
  name: line(150),
  email: line(150)
    .toLowerCase()
    .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'invalid.email')
    .meta({ format: 'email' }),
  password: z.string('invalid.required').min(10, 'invalid.password').max(200, 'invalid.long'),
})
export type Registration = z.infer<typeof registration>

export const credentials = z.object({
  email: line(150).toLowerCase(),
  password: z.string('invalid.required').min(1, 'invalid.required').max(200, 'invalid.long'),
})

/** @node-rs/argon2's default is argon2id with 19 MiB and two passes, as OWASP asks. */
export async function digestPassword(password: string): Promise<string> {
  return await hash(password)
}

/** Stores a new user. The password has been digested before: that takes too long for a transaction. */
export async function register(em: EntityManager, { name, email }: Registration, digest: string): Promise<number> {
  try {
    return await em.insert(User, { name, email, password: digest, role: 'USER', createdAt: new Date() })
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new Refusal(409, 'register.taken')
    throw error
  }
}

let nobody: Promise<string> | undefined

/** Whose email and password these are. An unknown email costs the same time as a wrong password, so that it does not show. */
export async function identify(
  user: { id: number; password: string } | undefined,
  password: string,
): Promise<number | undefined> {
  nobody ??= hash('the password of nobody')
  const right = await verify(user?.password ?? (await nobody), password)
  return right ? user?.id : undefined
}

export async function findLogin(
  em: EntityManager,
  email: string,
): Promise<{ id: number; password: string } | undefined> {
  const user = await em.findOne(User, { email }, { fields: ['id', 'password'] })
  return user === null ? undefined : { id: user.id, password: user.password as unknown as string }
}
