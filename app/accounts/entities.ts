import { defineEntity, p, type InferEntity } from '@mikro-orm/core'

export const roles = ['USER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

export const User = defineEntity({
  name: 'User',
  tableName: 'user',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string().length(150),
    email: p.string().length(150).unique('user_email_unique'),
    password: p.string().length(150).hidden().lazy(),
    role: p.string().$type<Role>().length(10).default('USER'),
    createdAt: p.datetime(3),
  },
  checks: [{ name: 'user_role_check', expression: `role in ('USER', 'ADMIN')` }],
})
export type User = InferEntity<typeof User>

/** A session of a browser, or a token of an API client: the database has only a digest of what they carry. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    digest: p.string().length(64).primary(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3).index('session_expires_at_index'),
  },
})
export type Session = InferEntity<typeof Session>

/** How often something was done in a window of time: counted here, so that it holds across instances. */
export const RateLimit = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limit',
  properties: {
    digest: p.string().length(64).primary(),
    hits: p.integer(),
    expiresAt: p.datetime(3).index('rate_limit_expires_at_index'),
  },
})
