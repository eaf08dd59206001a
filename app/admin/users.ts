import { User } from '../accounts/entities.ts'
import type { EntityManager } from '../orm/database.ts'

const pageSize = 50

export async function listUsers(em: EntityManager, after: number) {
  const found = await em.find(User, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: pageSize + 1 })
  const users = found.slice(0, pageSize)
  return { users, next: found.length > pageSize ? users.at(-1)?.id : undefined }
}
