import { StartInstanceRefreshCommand } from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { errorName } from '../errors.ts'
import { newestRefresh, type Group } from './read.ts'

interface Rolling {
  readonly name: string
  readonly warmup?: number | undefined
}

/** Begins to replace instances by ones of the new version: a new one serves before an old one goes. */
export async function applyRefresh(want: Rolling, cloud: Cloud): Promise<void> {
  try {
    await (
      await cloud.client('autoscaling')
    ).send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: want.name,
        Strategy: 'Rolling',
        Preferences: {
          MinHealthyPercentage: 100,
          MaxHealthyPercentage: 110,
          SkipMatching: true,
          ...(want.warmup !== undefined && { InstanceWarmup: want.warmup }),
        },
      }),
    )
  } catch (error) {
    // one that is under way takes the newest version along
    if (errorName(error) !== 'InstanceRefreshInProgressFault' && errorName(error) !== 'InstanceRefreshInProgress')
      throw error
  }
}

const ended = ['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed']

/** Waits for a roll-out that is under way; one that an interrupted run did not even begin is begun. */
export async function awaitRefresh(want: Rolling, have: Group, cloud: Cloud): Promise<void> {
  const behind = have.instances.some((one) => one.version !== '' && one.version !== String(have.launchTemplate.version))
  if (!behind) return
  const newest = await newestRefresh(want.name, cloud)
  if (!newest || ended.includes(newest.Status ?? '')) await applyRefresh(want, cloud)
  await cloud.poll({
    what: `the roll-out of ${want.name}`,
    every: 15,
    timeout: 7200,
    look: async () => {
      const now = await newestRefresh(want.name, cloud)
      const status = now?.Status ?? 'Pending'
      if (status === 'Successful') return { done: true }
      if (ended.includes(status)) {
        throw failure(
          'E763',
          `the roll-out of ${want.name} ended as ${status}${now?.StatusReason === undefined ? '' : `: ${now.StatusReason}`}`,
          { hint: 'the instances that serve are the old ones; mend the image or template and run apply again' },
        )
      }
      return { status: `${status}, ${now?.PercentageComplete ?? 0} %, ${now?.InstancesToUpdate ?? '?'} instances left` }
    },
  })
}
