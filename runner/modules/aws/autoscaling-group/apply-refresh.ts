import {
  CancelInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  type InstanceRefresh,
  type RefreshPreferences,
} from '@aws-sdk/client-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { ArgsOf } from '../../module.ts'
import { errorName, isMissing } from '../errors.ts'
import { newestRefresh, read, type Group } from './read.ts'
import type { args } from './schema.ts'

type Rolling = Pick<ArgsOf<typeof args>, 'name' | 'launch_template' | 'refresh' | 'warmup'>

const ended = ['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed']

/**
 * Begins to replace instances by ones of the wanted version: a new one serves before an old one goes. The group itself is left at the old version
 * until AWS moves it at the end: only so can a roll-out be rolled back (EC2 Auto Scaling User Guide, “Undo changes with a rollback”). One that is under
 * way is gone on with if it leads to the same version; else it is cancelled first.
 */
export async function applyRefresh(want: Rolling, cloud: Cloud): Promise<void> {
  const newest = await newestRefresh(want.name, cloud)
  if (newest?.Status === 'Successful' && leadsTo(newest, want)) {
    // perhaps it came to its end since the group was read
    cloud.changed('autoscaling:')
    const now = await read(want, cloud)
    if (now && !isBehind(want, now)) return
  } else if (isActive(newest)) {
    if (leadsTo(newest, want)) return
    await cancel(want.name, cloud)
  }
  try {
    await (
      await cloud.client('autoscaling')
    ).send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: want.name,
        Strategy: 'Rolling',
        DesiredConfiguration: {
          LaunchTemplate: {
            LaunchTemplateId: want.launch_template.id,
            // a number: AWS does not roll back from $Latest
            Version: String(want.launch_template.version),
          },
        },
        Preferences: preferencesOf(want),
      }),
    )
  } catch (error) {
    // begun by somebody between our look and now: the wait finds out whether it leads where we want to
    if (!errorName(error).startsWith('InstanceRefreshInProgress')) throw error
  }
}

function preferencesOf(want: Rolling): RefreshPreferences {
  const refresh: Partial<NonNullable<Rolling['refresh']>> = want.refresh ?? {}
  const { checkpoints, checkpoint_delay, bake_time, alarms, warmup = want.warmup } = refresh
  return {
    MinHealthyPercentage: refresh.min_healthy ?? 100,
    MaxHealthyPercentage: refresh.max_healthy ?? 200,
    SkipMatching: refresh.skip_matching ?? true,
    AutoRollback: refresh.auto_rollback ?? true,
    ...(warmup !== undefined && { InstanceWarmup: warmup }),
    ...(checkpoints && { CheckpointPercentages: [...checkpoints] }),
    ...(checkpoint_delay !== undefined && { CheckpointDelay: checkpoint_delay }),
    ...(alarms && { AlarmSpecification: { Alarms: [...alarms] } }),
    ...(bake_time !== undefined && { BakeTime: bake_time }),
    ...(refresh.protected && { ScaleInProtectedInstances: protections[refresh.protected] }),
    ...(refresh.standby && { StandbyInstances: standbys[refresh.standby] }),
  }
}

const protections = { wait: 'Wait', refresh: 'Refresh', ignore: 'Ignore' } as const
const standbys = { wait: 'Wait', terminate: 'Terminate', ignore: 'Ignore' } as const

function isActive(refresh: InstanceRefresh | undefined): refresh is InstanceRefresh {
  return refresh !== undefined && !ended.includes(refresh.Status ?? 'Pending')
}

/** Whether a roll-out ends at the wanted version. */
function leadsTo({ DesiredConfiguration: desired, Status }: InstanceRefresh, { launch_template }: Rolling): boolean {
  const { LaunchTemplateId: id, Version: version } = desired?.LaunchTemplate ?? {}
  const back = /^(Rollback|Cancelling)/.test(Status ?? '')
  return !back && id === launch_template.id && version === String(launch_template.version)
}

async function cancel(name: string, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('autoscaling')
  )
    .send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name }))
    .catch((error: unknown) => {
      // it ended meanwhile, or is being cancelled or rolled back already
      if (!isMissing(error) && !errorName(error).startsWith('ActiveInstanceRefreshNotFound')) throw error
    })
  await cloud.poll({
    what: `an earlier roll-out of ${name} to be cancelled`,
    every: 10,
    timeout: 3600,
    look: async () => {
      const now = await newestRefresh(name, cloud)
      return isActive(now) ? { status: now.Status ?? 'Pending' } : { done: true }
    },
  })
}

/** Whether the group or some of its instances are of another version than the wanted one. */
function isBehind({ launch_template: { id, version } }: Rolling, { launchTemplate, instances }: Group): boolean {
  const moves = launchTemplate.id !== id || launchTemplate.version !== version
  return moves || instances.some((one) => one.version !== '' && one.version !== String(version))
}

/** Waits for the roll-out that is needed, and returns whether one was; one that an interrupted run did not even begin is begun. */
export async function awaitRefresh(want: Rolling, have: Group, cloud: Cloud): Promise<boolean> {
  if (!isBehind(want, have) || have.instances.length === 0) return false
  const began = await newestRefresh(want.name, cloud)
  if (!isActive(began)) await applyRefresh(want, cloud)
  const all = have.instances.length
  const { checkpoints = [], checkpoint_delay = 3600, bake_time = 0 } = want.refresh ?? {}
  return await cloud.poll({
    what: `the roll-out of ${want.name}`,
    every: 15,
    timeout: 7200 + checkpoints.length * checkpoint_delay + bake_time,
    look: async () => {
      const now = await newestRefresh(want.name, cloud)
      const status = now?.Status ?? 'Pending'
      if (status === 'Successful') return { done: true as const }
      const reason = now?.StatusReason === undefined ? '' : `: ${now.StatusReason}`
      if (ended.includes(status)) {
        throw failure('E763', `the roll-out of ${want.name} ended as ${status}${reason}`, {
          hint: `${status === 'RollbackSuccessful' ? 'the instances that serve are of the old version again' : 'instances of both versions may serve'}; mend the image or template and run apply again`,
        })
      }
      const left = Math.min(now?.InstancesToUpdate ?? all, all)
      return { status: `${status}, ${all - left} of ${all} instances done, ${now?.PercentageComplete ?? 0} %${reason}` }
    },
  })
}
