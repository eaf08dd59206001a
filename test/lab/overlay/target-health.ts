import type { Courses } from './course.ts'
import type { Rule } from './rule.ts'
import { elements, valueOf, withChild } from './xml.ts'

/**
 * A target is checked for a while before it is healthy, one after another here, or it never is; and of a target group that no load balancer
 * uses nothing is checked (ELB API Reference, TargetHealth: initial, healthy, unhealthy, unused with their reasons). moto calls all healthy.
 */
export function targetHealth(courses: Courses): Rule {
  const seen = new Map<string, { readonly since: number; readonly turn: number }>()
  return {
    because: 'ELB API Reference, TargetHealth: Elb.InitialHealthChecking, Target.FailedHealthChecks, Target.NotInUse',
    operations: ['elb:DescribeTargetHealth'],
    handle: async ({ parameters }, next, ask) => {
      const answer = await next()
      const { ms = 0, ends, reason = 'Target.FailedHealthChecks' } = courses.of('target')
      const arn = parameters.get('TargetGroupArn') ?? ''
      const { body: groups } = await ask({
        service: 'elb',
        parameters: { Action: 'DescribeTargetGroups', 'TargetGroupArns.member.1': arn },
      })
      const used = elements(elements(groups, 'LoadBalancerArns').join(''), 'member').length > 0
      let { body } = answer
      for (const [turn, target] of elements(elements(body, 'TargetHealthDescriptions').join(''), 'member').entries()) {
        if (valueOf(target, 'State') !== 'healthy') continue
        const key = `${arn} ${valueOf(elements(target, 'Target').join(''), 'Id')}`
        const one = seen.get(key) ?? { since: courses.now(), turn }
        if (used) seen.set(key, one)
        const young = courses.now() - one.since < ms * (one.turn + 1)
        const now = !used
          ? ['unused', 'Target.NotInUse', 'Target group is not configured to receive traffic from the load balancer']
          : young
            ? ['initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress']
            : ends === undefined
              ? undefined
              : [ends, reason, 'Health checks failed']
        if (!now) continue
        const [state = '', code = '', description = ''] = now
        const health = `<State>${state}</State><Reason>${code}</Reason><Description>${description}</Description>`
        body = body.replace(
          `<member>${target}</member>`,
          () => `<member>${withChild(target, 'TargetHealth', health)}</member>`,
        )
      }
      return { ...answer, body }
    },
    reset: () => seen.clear(),
  }
}
