import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  type Change as RecordChange,
} from '@aws-sdk/client-route-53'
import type { Cloud } from '../../connections/cloud.ts'
import type { Zone } from './read-route53.ts'

/** Changes records of a zone in one batch, which takes effect as a whole; gives the id under which Route 53 tells how far it is. */
export async function changeRecords(zone: Zone, changes: RecordChange[], cloud: Cloud): Promise<string> {
  const { ChangeInfo } = await (
    await cloud.client('route53')
  ).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.id,
      ChangeBatch: { Comment: `runner, ${cloud.playbook}`.slice(0, 256), Changes: changes },
    }),
  )
  cloud.changed(`route53:records:${zone.id}`)
  return (ChangeInfo?.Id ?? '').replace(/^\/change\//, '')
}

/** Waits until all name servers of Route 53 know the change, usually within a minute. */
export async function inSync(id: string, what: string, cloud: Cloud): Promise<void> {
  const route53 = await cloud.client('route53')
  await cloud.poll({
    what: `${what} to reach all name servers`,
    every: 5,
    timeout: 600,
    look: async () => {
      const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: id }))
      return ChangeInfo?.Status === 'INSYNC' ? { done: true } : { status: ChangeInfo?.Status ?? 'PENDING' }
    },
  })
}
