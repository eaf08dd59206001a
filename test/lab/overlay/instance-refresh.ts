import type { Courses } from './course.ts'
import { refusal, result, type Answer, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

interface Refresh {
  readonly id: string
  readonly started: string
  readonly at: number
  readonly desired: Readonly<Record<string, string>>
  readonly preferences: Readonly<Record<string, string>>
  /** Instances that are to be replaced. */
  readonly old: readonly string[]
  status: string
  left: number
  reason?: string | undefined
}

const active = ['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress']

type Ask = (question: Question) => Promise<Answer>

/** Rolling replacement of a scaling group's instances (Auto Scaling API Reference, StartInstanceRefresh); moto has none. */
export function instanceRefresh(courses: Courses): Rule {
  const all = new Map<string, Refresh[]>()
  return {
    because: 'Auto Scaling API Reference: Start-, Describe-, Cancel- and RollbackInstanceRefresh',
    operations: [
      'autoscaling:StartInstanceRefresh',
      'autoscaling:DescribeInstanceRefreshes',
      'autoscaling:CancelInstanceRefresh',
      'autoscaling:RollbackInstanceRefresh',
    ],
    handle: async (call, _next, ask) => {
      const { operation, parameters } = call
      const name = parameters.get('AutoScalingGroupName') ?? ''
      const group = await groupOf(name, ask)
      if (group === undefined) return refusal(call, 'ValidationError', `AutoScalingGroup name not found - ${name}`)
      const refreshes = all.get(name) ?? []
      const current = refreshes.find((one) => active.includes(one.status))
      if (operation === 'StartInstanceRefresh') {
        if (current) return refusal(call, 'InstanceRefreshInProgress', 'An Instance Refresh is already in progress')
        const within = (prefix: string): Readonly<Record<string, string>> =>
          Object.fromEntries(
            [...parameters]
              .filter(([key]) => key.startsWith(prefix))
              .map(([key, value]) => [key.slice(prefix.length), value]),
          )
        const desired = within('DesiredConfiguration.')
        const wanted = desired['LaunchTemplate.Version'] ?? templateOf(group)['LaunchTemplate.Version']
        const skips = parameters.get('Preferences.SkipMatching') === 'true'
        const old = instancesOf(group).flatMap((one) => (skips && one.version === wanted ? [] : [one.id]))
        const refresh: Refresh = {
          id: crypto.randomUUID(),
          started: new Date().toISOString(),
          at: courses.now(),
          desired,
          preferences: within('Preferences.'),
          old,
          status: 'Pending',
          left: old.length,
        }
        all.set(name, [refresh, ...refreshes])
        return result(operation, `<InstanceRefreshId>${refresh.id}</InstanceRefreshId>`)
      }
      if (operation === 'DescribeInstanceRefreshes') {
        if (current) await advance(name, current, courses, ask)
        const ids = [...parameters].filter(([key]) => key.startsWith('InstanceRefreshIds.')).map(([, value]) => value)
        const shown = refreshes
          .filter((one) => ids.length === 0 || ids.includes(one.id))
          .slice(0, Number(parameters.get('MaxRecords') ?? 50))
        return result(
          operation,
          `<InstanceRefreshes>${shown.map((one) => described(name, one)).join('')}</InstanceRefreshes>`,
        )
      }
      if (!current)
        return refusal(call, 'ActiveInstanceRefreshNotFound', 'No in progress or pending Instance Refresh found')
      const back = operation === 'RollbackInstanceRefresh'
      if (back && Object.keys(current.desired).length === 0)
        return refusal(call, 'IrreversibleInstanceRefresh', 'No desired configuration is specified for this refresh')
      current.status = back ? 'RollbackInProgress' : 'Cancelling'
      return result(operation, `<InstanceRefreshId>${current.id}</InstanceRefreshId>`)
    },
    reset: () => all.clear(),
  }
}

/**
 * Each look finds it one step on, unless a course says how long it takes: then one instance after another is replaced. At its end the group
 * is moved to what was wanted.
 */
async function advance(name: string, refresh: Refresh, courses: Courses, ask: Ask): Promise<void> {
  const { ms, ends, reason } = courses.of('instance refresh')
  const passed = ms === undefined ? 1 : (courses.now() - refresh.at) / ms
  const { old } = refresh
  if (refresh.status === 'Cancelling') refresh.status = 'Cancelled'
  else if (refresh.status === 'RollbackInProgress') {
    if (passed < 1) return
    refresh.status = ends ?? 'RollbackSuccessful'
    if (refresh.status === 'RollbackSuccessful') await rollBack(name, ask)
  } else if (refresh.status === 'Pending') refresh.status = 'InProgress'
  else if (ends?.startsWith('Rollback') && passed >= 0.7) {
    refresh.status = 'RollbackInProgress'
    refresh.reason = reason
  } else if (passed < 1) {
    refresh.left = Math.min(old.length, Math.max(1, Math.ceil(old.length * (1 - passed))))
    await replace(name, refresh, old.slice(0, old.length - refresh.left), ask)
  } else if (ends !== undefined) {
    refresh.status = ends
    refresh.reason = reason
  } else {
    await replace(name, refresh, old, ask)
    if (Object.keys(refresh.desired).length > 0) await autoscaling(ask, 'Update', name, refresh.desired)
    refresh.status = 'Successful'
    refresh.left = 0
  }
}

/** New instances are of the wanted version; the group itself stays at its own meanwhile. */
async function replace(name: string, { desired }: Refresh, ids: readonly string[], ask: Ask): Promise<void> {
  const group = (await groupOf(name, ask)) ?? ''
  const there = instancesOf(group).filter(({ id }) => ids.includes(id))
  if (there.length === 0) return
  const moves = Object.keys(desired).length > 0
  if (moves) await autoscaling(ask, 'Update', name, desired)
  for (const { id } of there) await terminate(name, id, ask)
  if (moves) await autoscaling(ask, 'Update', name, templateOf(group))
}

async function rollBack(name: string, ask: Ask): Promise<void> {
  const group = (await groupOf(name, ask)) ?? ''
  for (const { id, version } of instancesOf(group))
    if (version !== templateOf(group)['LaunchTemplate.Version']) await terminate(name, id, ask)
}

async function terminate(name: string, InstanceId: string, ask: Ask): Promise<void> {
  await autoscaling(ask, 'Terminate', name, { InstanceId, ShouldDecrementDesiredCapacity: 'false' })
}

function instancesOf(group: string): readonly { readonly id: string; readonly version: string | undefined }[] {
  return elements(elements(group, 'Instances').join(''), 'member').map((one) => ({
    id: valueOf(one, 'InstanceId') ?? '',
    version: valueOf(one, 'Version'),
  }))
}

/** The group's own template, as parameters. */
function templateOf(group: string): Readonly<Record<string, string>> {
  const [instances = ''] = elements(group, 'Instances')
  const template = elements(group.replace(instances, ''), 'LaunchTemplate')[0] ?? ''
  return {
    'LaunchTemplate.LaunchTemplateId': valueOf(template, 'LaunchTemplateId') ?? '',
    'LaunchTemplate.Version': valueOf(template, 'Version') ?? '$Default',
  }
}

async function autoscaling(
  ask: Ask,
  verb: 'Update' | 'Terminate',
  name: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const action = verb === 'Update' ? 'UpdateAutoScalingGroup' : 'TerminateInstanceInAutoScalingGroup'
  await ask({
    service: 'autoscaling',
    parameters: { Action: action, ...(verb === 'Update' && { AutoScalingGroupName: name }), ...parameters },
  })
}

async function groupOf(name: string, ask: Ask): Promise<string | undefined> {
  const { body } = await ask({
    service: 'autoscaling',
    parameters: { Action: 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.1': name },
  })
  return elements(elements(body, 'AutoScalingGroups').join(''), 'member')[0]
}

function described(name: string, { id, desired, preferences, status, started, left, old, reason }: Refresh): string {
  const all = old.length
  const done = status === 'Successful' ? 100 : status === 'Pending' ? 0 : Math.round(100 * (1 - left / (all * 2 || 1)))
  const why = reason === undefined ? '' : `<StatusReason>${reason}</StatusReason>`
  const template = Object.entries(desired).map(([key, value]) => {
    const tag = key.replace('LaunchTemplate.', '')
    return `<${tag}>${value}</${tag}>`
  })
  const listed = (prefix: string): string =>
    Object.entries(preferences)
      .flatMap(([key, value]) => (key.startsWith(prefix) ? [`<member>${value}</member>`] : []))
      .join('')
  const alarms = listed('AlarmSpecification.Alarms.')
  const watched = alarms === '' ? '' : `<AlarmSpecification><Alarms>${alarms}</Alarms></AlarmSpecification>`
  const others = Object.entries(preferences).filter(([key]) => !key.includes('.'))
  const how = `<Preferences>${others.map(([key, value]) => `<${key}>${value}</${key}>`).join('')}<CheckpointPercentages>${listed('CheckpointPercentages.')}</CheckpointPercentages>${watched}</Preferences>`
  const wanted =
    template.length === 0
      ? ''
      : `<DesiredConfiguration><LaunchTemplate>${template.join('')}</LaunchTemplate></DesiredConfiguration>`
  return `<member>${wanted}${how}<InstanceRefreshId>${id}</InstanceRefreshId><AutoScalingGroupName>${name}</AutoScalingGroupName><Status>${status}</Status>${why}<StartTime>${started}</StartTime><PercentageComplete>${done}</PercentageComplete><InstancesToUpdate>${left}</InstancesToUpdate></member>`
}
