import type { Courses } from './course.ts'
import { result, type Rule } from './rule.ts'
import { elements, valueOf, withChild } from './xml.ts'

/**
 * A scaling group's instances are Pending before they serve, and each launch is an activity that may fail with a message (Auto
 * Scaling User Guide, Instance lifecycle; API Reference, Activity); moto has them in service at once, and no activities.
 */
export function groupReconciler(courses: Courses): Rule {
  const seen = new Map<string, number>()
  const since = (id: string): number => {
    const first = seen.get(id) ?? courses.now()
    seen.set(id, first)
    return courses.now() - first
  }
  return {
    because: 'Auto Scaling User Guide, Instance lifecycle: Pending → InService; DescribeScalingActivities',
    operations: [
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeScalingActivities',
      'autoscaling:CreateAutoScalingGroup',
    ],
    handle: async ({ operation, parameters }, next, ask) => {
      const describe = async (name: string): Promise<string> =>
        (
          await ask({
            service: 'autoscaling',
            parameters: { Action: 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.1': name },
          })
        ).body
      const { ms = 0, ends, reason = '' } = courses.of('scaling group')
      const name = parameters.get('AutoScalingGroupName') ?? ''
      if (operation === 'CreateAutoScalingGroup') {
        const answer = await next()
        // its instances are launched now, not when somebody first looks
        if (ms > 0 && answer.status === 200) await describe(name)
        return answer
      }
      if (operation === 'DescribeScalingActivities') {
        if (ends === 'Failed') return result(operation, activities(name, [['', 'Failed', reason]]))
        const ids = [...(await describe(name)).matchAll(/<InstanceId>([^<]+)</g)].map(([, id = '']) => id)
        return result(
          operation,
          activities(
            name,
            ids.map((id) => [id, since(id) < ms ? 'InProgress' : 'Successful', '']),
          ),
        )
      }
      const answer = await next()
      if (ms === 0 && ends === undefined) return answer
      let { body } = answer
      for (const list of elements(body, 'Instances'))
        for (const instance of elements(list, 'member')) {
          const young = since(valueOf(instance, 'InstanceId') ?? '') < ms
          if (ends === 'Failed') body = body.replace(`<member>${instance}</member>`, '')
          else if (young) body = body.replace(instance, () => withChild(instance, 'LifecycleState', 'Pending'))
        }
      return { ...answer, body }
    },
    reset: () => seen.clear(),
  }
}

function activities(group: string, all: readonly (readonly [id: string, status: string, message: string])[]): string {
  const started = new Date().toISOString()
  const one = ([id, status, message]: (typeof all)[number]): string =>
    `<member><ActivityId>${crypto.randomUUID()}</ActivityId><AutoScalingGroupName>${group}</AutoScalingGroupName><Description>Launching a new EC2 instance${id === '' ? '' : `: ${id}`}</Description><Cause>a difference between desired and actual capacity</Cause><StartTime>${started}</StartTime><StatusCode>${status}</StatusCode>${message === '' ? '' : `<StatusMessage>${message}</StatusMessage>`}<Progress>${status === 'InProgress' ? 50 : 100}</Progress></member>`
  return `<Activities>${all.map(one).join('')}</Activities>`
}
