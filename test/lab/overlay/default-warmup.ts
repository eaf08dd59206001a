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
    answer: ({ operation, parameters }) => {
      const group = parameters.get('AutoScalingGroupName')
      const warmup = parameters.get('DefaultInstanceWarmup')
      if (group !== null && warmup !== null) warmups.set(group, warmup)
      if (group !== null && operation === 'DeleteAutoScalingGroup') warmups.delete(group)
      return undefined
    },
    amend: ({ operation }, answer) => {
      if (operation !== 'DescribeAutoScalingGroups') return answer
      const body = [...warmups].reduce(
        (text, [group, warmup]) =>
          text.replace(
            `<AutoScalingGroupName>${group}</AutoScalingGroupName>`,
            (name) => `${name}<DefaultInstanceWarmup>${warmup}</DefaultInstanceWarmup>`,
          ),
        answer.body,
      )
      return { ...answer, body }
    },
    reset: () => warmups.clear(),
  }
}
