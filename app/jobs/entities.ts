import { defineEntity, p } from '@mikro-orm/core'

/** Who does the jobs, until when. Its renewal every second is also the heartbeat that the readers' lag is measured by. */
export const Lease = defineEntity({
  name: 'Lease',
  tableName: 'lease',
  properties: {
    name: p.string().length(50).primary(),
    holder: p.string().length(150),
    renewedAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
})
