import { Router } from 'express'
import { z } from 'zod'
import { roles, User } from '../accounts/entities.ts'
import { closeSessionsOf } from '../accounts/sessions.ts'
import { administrator, idIn, notAllowed, signedIn, userOf } from '../http/guards.ts'
import { Refusal, notFound } from '../http/refusal.ts'
import { render } from '../http/render.ts'
import { visitOf } from '../http/visit.ts'
import { listUsers } from './users.ts'

const change = z.object({ role: z.enum(roles) })

/** What administrators see: all users, and their roles. */
export function adminRoutes(): Router {
  const router = Router({ strict: true })

  router
    .route('/admin/users')
    .get(signedIn, administrator, async (request, response) => {
      const visit = visitOf(response)
      const after = /^\d{1,9}$/.test(String(request.query['after'])) ? Number(request.query['after']) : 0
      const page = await visit.read((em) => listUsers(em, after))
      render(response, '/admin/pages/users', { title: visit.t('users.title'), ...page, roles })
    })
    .all(notAllowed)

  router
    .route('/admin/users/:id/role')
    .post(signedIn, administrator, async (request, response) => {
      const visit = visitOf(response)
      const id = idIn(request)
      const { data } = change.safeParse(request.body)
      if (data === undefined) throw new Refusal(422, 'invalid.choice')
      if (id === userOf(response).id) throw new Refusal(409, 'users.lastAdmin')
      await visit.write(async (em) => {
        if ((await em.nativeUpdate(User, { id }, { role: data.role })) === 0) throw notFound()
        await closeSessionsOf(em, id)
      })
      await visit.note({ kind: 'good', key: 'users.changed' })
      response.redirect(302, '/admin/users')
    })
    .all(notAllowed)

  return router
}
