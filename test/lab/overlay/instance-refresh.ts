import type { Courses } from './course.ts'
import { refusal, result, type Answer, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

interface Refresh {
  readonly id: string
  readonly started: string
  readonly at: number
  readonly desired: Readonly<Record<string, string>>
  readonly skipMatching: boolean
  readonly all: number
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
      const members = elements(elements(group, 'Instances').join(''), 'member').length
      if (operation === 'StartInstanceRefresh') {
        if (current) return refusal(call, 'InstanceRefreshInProgress', 'An Instance Refresh is already in progress')
        const refresh: Refresh = {
          id: crypto.randomUUID(),
          started: new Date().toISOString(),
          at: courses.now(),
          desired: Object.fromEntries(
            [...parameters]
              .filter(([key]) => key.startsWith('DesiredConfiguration.'))
              .map(([key, value]) => [key.slice('DesiredConfiguration.'.length), value]),
          ),
          skipMatching: parameters.get('Preferences.SkipMatching') === 'true',
          status: 'Pending',
          all: members,
          left: members,
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

/** Each look finds it one step on, unless a course says how long it takes. At its end the instances are replaced. */
async function advance(name: string, refresh: Refresh, courses: Courses, ask: Ask): Promise<void> {
  const { ms, ends, reason } = courses.of('instance refresh')
  const passed = ms === undefined ? 1 : (courses.now() - refresh.at) / ms
  if (refresh.status === 'Cancelling') refresh.status = 'Cancelled'
  else if (refresh.status === 'RollbackInProgress') {
    if (passed >= 1) refresh.status = ends ?? 'RollbackSuccessful'
  } else if (refresh.status === 'Pending') refresh.status = 'InProgress'
  else if (ends?.startsWith('Rollback') && passed >= 0.7) {
    refresh.status = 'RollbackInProgress'
    refresh.reason = reason
  } else if (passed < 1) refresh.left = Math.max(1, Math.ceil(refresh.all * (1 - passed)))
  else if (ends !== undefined) {
    refresh.status = ends
    refresh.reason = reason
  } else {
    if (Object.keys(refresh.desired).length > 0) await autoscaling(ask, 'Update', name, refresh.desired)
    for (const id of await outdated(name, refresh, ask))
      await autoscaling(ask, 'Terminate', name, { InstanceId: id, ShouldDecrementDesiredCapacity: 'false' })
    refresh.status = 'Successful'
    refresh.left = 0
  }
}

async function outdated(name: string, { skipMatching }: Refresh, ask: Ask): Promise<readonly string[]> {
  const group = (await groupOf(name, ask)) ?? ''
  const [instances = ''] = elements(group, 'Instances')
  const wanted = valueOf(elements(group.replace(instances, ''), 'LaunchTemplate')[0] ?? '', 'Version')
  return elements(instances, 'member')
    .filter((one) => !skipMatching || valueOf(one, 'Version') !== wanted)
    .map((one) => valueOf(one, 'InstanceId') ?? '')
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

function described(name: string, { id, desired, status, started, left, all, reason }: Refresh): string {
  const done = status === 'Successful' ? 100 : status === 'Pending' ? 0 : Math.round(100 * (1 - left / (all * 2 || 1)))
  const why = reason === undefined ? '' : `<StatusReason>${reason}</StatusReason>`
  const template = Object.entries(desired).map(([key, value]) => {
    const tag = key.replace('LaunchTemplate.', '')
    return `<${tag}>${value}</${tag}>`
  })
  const wanted =
    template.length === 0
      ? ''
      : `<DesiredConfiguration><LaunchTemplate>${template.join('')}</LaunchTemplate></DesiredConfiguration>`
  return `<member>${wanted}<InstanceRefreshId>${id}</InstanceRefreshId><AutoScalingGroupName>${name}</AutoScalingGroupName><Status>${status}</Status>${why}<StartTime>${started}</StartTime><PercentageComplete>${done}</PercentageComplete><InstancesToUpdate>${left}</InstancesToUpdate></member>`
}
