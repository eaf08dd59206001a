import { hash } from '@node-rs/argon2'
import { User } from '../accounts/entities.ts'
import { DeliveryProvider, providers } from '../delivery/entities.ts'
import type { Config } from '../config.ts'
import type { EntityManager } from './database.ts'

/** Puts in what must be there; run again it changes nothing. */
export async function seed(em: EntityManager, admin: Config['admin']): Promise<void> {
  const there = await em.find(DeliveryProvider, {}, { fields: ['name'] })
  const names = new Set(there.map(({ name }) => name))
  const missing = providers.filter(({ name }) => !names.has(name))
  if (missing.length > 0)
    await em.upsertMany(
      DeliveryProvider,
      missing.map((each) => ({ ...each })),
      {
        onConflictFields: ['name'],
        onConflictAction: 'ignore',
      },
    )
  if (admin === undefined || (await em.count(User, { email: admin.email })) > 0) return
  await em.insert(User, {
    name: 'Administrator',
    email: admin.email,
    password: await hash(admin.password),
    role: 'ADMIN',
    createdAt: new Date(),
  })
}
