import { refusal, result, type Answer, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

interface Refresh {
  readonly id: string
  readonly started: string
  readonly desired: Readonly<Record<string, string>>
  readonly skipMatching: boolean
  status: string
  left: number
}

const active = ['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress']

type Ask = (question: Question) => Promise<Answer>

/** Rolling replacement of a scaling group's instances (Auto Scaling API Reference, StartInstanceRefresh); moto has none. */
export function instanceRefresh(): Rule {
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
        const refresh: Refresh = {
          id: crypto.randomUUID(),
          started: new Date().toISOString(),
          desired: Object.fromEntries(
            [...parameters]
              .filter(([key]) => key.startsWith('DesiredConfiguration.'))
              .map(([key, value]) => [key.slice('DesiredConfiguration.'.length), value]),
          ),
          skipMatching: parameters.get('Preferences.SkipMatching') === 'true',
          status: 'Pending',
          left: elements(elements(group, 'Instances').join(''), 'member').length,
        }
        all.set(name, [refresh, ...refreshes])
        return result(operation, `<InstanceRefreshId>${refresh.id}</InstanceRefreshId>`)
      }
      if (operation === 'DescribeInstanceRefreshes') {
        if (current) await advance(name, current, ask)
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

/** Each look finds it one step on. Half way the instances are replaced. */
async function advance(name: string, refresh: Refresh, ask: Ask): Promise<void> {
  if (refresh.status === 'Cancelling') refresh.status = 'Cancelled'
  else if (refresh.status === 'RollbackInProgress') refresh.status = 'RollbackSuccessful'
  else if (refresh.status === 'Pending') refresh.status = 'InProgress'
  else {
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

function described(name: string, { id, status, started, left }: Refresh): string {
  const done = status === 'Successful' ? 100 : status === 'InProgress' ? 50 : 0
  return `<member><InstanceRefreshId>${id}</InstanceRefreshId><AutoScalingGroupName>${name}</AutoScalingGroupName><Status>${status}</Status><StartTime>${started}</StartTime><PercentageComplete>${done}</PercentageComplete><InstancesToUpdate>${left}</InstancesToUpdate></member>`
}
