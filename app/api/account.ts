import { z } from 'zod'
import { credentials, digestPassword, findLogin, identify, register, registration } from '../accounts/accounts.ts'
import { closeSession, lifetime, openSession } from '../accounts/sessions.ts'
import { listUsers } from '../admin/users.ts'
import { whole } from '../http/fields.ts'
import { Refusal } from '../http/refusal.ts'
import type { Site } from '../http/site.ts'
import { operation, type Operation } from './operation.ts'
import { madeShape, pageOf, tokenShape, userShape } from './shapes.ts'

const after = z.object({ after: whole(0, 999_999_999).optional().catch(undefined) })

export function accountOperations({ config, limit }: Site): readonly Operation[] {
  const { loginPerMinute, writesPerMinute } = config.limits
  return [
    operation({
      method: 'post',
      path: '/users',
      id: 'register',
      tag: 'account',
      summary: 'Registers a user',
      access: 'anybody',
      body: registration,
      answer: { status: 201, schema: madeShape },
      refusals: [409],
      async handle({ visit, request, body }) {
        await limit(`register:${request.ip}`, writesPerMinute)
        const digest = await digestPassword(body.password)
        return { id: await visit.write((em) => register(em, body, digest)) }
      },
    }),
    operation({
      method: 'post',
      path: '/tokens',
      id: 'logIn',
      tag: 'account',
      summary: 'A token for the header `Authorization: Bearer`',
      access: 'anybody',
      body: credentials,
      answer: { status: 201, schema: tokenShape },
      async handle({ visit, request, body }) {
        await limit(`login:address:${request.ip}`, loginPerMinute * 3)
        await limit(`login:account:${body.email}`, loginPerMinute)
        const known = await visit.read((em) => findLogin(em, body.email))
        const id = await identify(known, body.password)
        if (id === undefined) throw new Refusal(401, 'login.failed')
        return { token: await visit.write((em) => openSession(em, id)), expires_in: lifetime }
      },
    }),
    operation({
      method: 'delete',
      path: '/tokens/current',
      id: 'logOut',
      tag: 'account',
      summary: 'Ends the token that is used for this call',
      access: 'user',
      answer: { status: 204 },
      async handle({ visit }) {
        await visit.write((em) => closeSession(em, visit.session as string), { repeatable: true })
      },
    }),
    operation({
      method: 'get',
      path: '/me',
      id: 'me',
      tag: 'account',
      summary: 'The caller',
      access: 'user',
      answer: { status: 200, schema: userShape },
      handle: async ({ user: { id, name, email, role } }) => ({ id, name, email, role }),
    }),
    operation({
      method: 'get',
      path: '/users',
      id: 'listUsers',
      tag: 'account',
      summary: 'All users',
      access: 'administrator',
      query: after,
      answer: { status: 200, schema: pageOf('UserPage', userShape) },
      async handle({ visit, query }) {
        const { users, next } = await visit.read((em) => listUsers(em, query.after ?? 0))
        const items = users.map(({ id, name, email, role }) => ({ id, name, email, role }))
        return { items, next: next === undefined ? null : String(next) }
      },
    }),
  ]
}
