import type { Database } from '../orm/database.ts'
import { User } from './entities.ts'

/** Makes an administrator of a user who has registered. */
export async function promote(database: Database, email: string): Promise<void> {
  const { value } = await database.write(
    (em) => em.nativeUpdate(User, { email: email.trim().toLowerCase() }, { role: 'ADMIN' }),
    { repeatable: true },
  )
  if (value === 0) throw new Error(`nobody is registered as ${email}`)
}
