import type { Rule } from './rule.ts'

/** A group remembers DefaultInstanceWarmup (Auto Scaling API Reference, CreateAutoScalingGroup); moto forgets it. */
export function defaultWarmup(): Rule {
  const warmups = new Map<string, string>()
  return {
    because: 'Auto Scaling API Reference: DefaultInstanceWarmup is returned by DescribeAutoScalingGroups',
    operations: [
      'autoscaling:CreateAutoScalingGroup',
      'autoscaling:UpdateAutoScalingGroup',
      'autoscaling:DeleteAutoScalingGroup',
      'autoscaling:DescribeAutoScalingGroups',
    ],
    handle: async ({ operation, parameters }, next) => {
      const answer = await next()
      const group = parameters.get('AutoScalingGroupName')
      const warmup = parameters.get('DefaultInstanceWarmup')
      if (group !== null && answer.status === 200) {
        if (operation === 'DeleteAutoScalingGroup') warmups.delete(group)
        else if (warmup !== null) warmups.set(group, warmup)
      }
      if (operation !== 'DescribeAutoScalingGroups') return answer
      const body = [...warmups].reduce(
        (text, [name, value]) =>
          text.replace(
            `<AutoScalingGroupName>${name}</AutoScalingGroupName>`,
            (element) => `${element}<DefaultInstanceWarmup>${value}</DefaultInstanceWarmup>`,
          ),
        answer.body,
      )
      return { ...answer, body }
    },
    reset: () => warmups.clear(),
  }
}
