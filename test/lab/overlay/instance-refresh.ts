import { xml, type Rule } from './rule.ts'

/** Rolling replacement of a scaling group's instances (Auto Scaling API Reference, StartInstanceRefresh); moto has none. */
export function instanceRefresh(): Rule {
  const refreshes = new Map<string, { id: string; looks: number }>()
  const wrap = (operation: string, result: string) =>
    xml(
      `<${operation}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>lab</RequestId></ResponseMetadata></${operation}Response>`,
    )
  return {
    because: 'Auto Scaling API Reference: StartInstanceRefresh, DescribeInstanceRefreshes',
    operations: ['autoscaling:StartInstanceRefresh', 'autoscaling:DescribeInstanceRefreshes'],
    answer: ({ operation, parameters }) => {
      const group = parameters.get('AutoScalingGroupName') ?? ''
      if (operation === 'StartInstanceRefresh') {
        refreshes.set(group, { id: `refresh-${refreshes.size + 1}`, looks: 0 })
        return wrap(operation, `<InstanceRefreshId>${refreshes.get(group)?.id}</InstanceRefreshId>`)
      }
      const refresh = refreshes.get(group)
      if (!refresh) return wrap(operation, '<InstanceRefreshes/>')
      refresh.looks += 1
      const done = refresh.looks > 1
      return wrap(
        operation,
        `<InstanceRefreshes><member><InstanceRefreshId>${refresh.id}</InstanceRefreshId><AutoScalingGroupName>${group}</AutoScalingGroupName><Status>${done ? 'Successful' : 'InProgress'}</Status><PercentageComplete>${done ? 100 : 50}</PercentageComplete><InstancesToUpdate>${done ? 0 : 1}</InstancesToUpdate></member></InstanceRefreshes>`,
      )
    },
    reset: () => refreshes.clear(),
  }
}
