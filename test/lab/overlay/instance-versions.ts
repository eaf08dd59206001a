import type { Answer, Question, Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/**
 * An instance of a scaling group keeps the launch template's version it was launched from (Auto Scaling API Reference, Instance,
 * LaunchTemplate); moto tells the template's default version of all of them.
 */
export function instanceVersions(): Rule {
  const launched = new Map<string, string>()
  const describe: Question = { service: 'autoscaling', parameters: { Action: 'DescribeAutoScalingGroups' } }
  return {
    because: 'Auto Scaling API Reference: Instance.LaunchTemplate is what the instance was launched from',
    operations: [
      'autoscaling:CreateAutoScalingGroup',
      'autoscaling:UpdateAutoScalingGroup',
      'autoscaling:SetDesiredCapacity',
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      'autoscaling:DescribeAutoScalingGroups',
    ],
    handle: async ({ operation }, next, ask) => {
      const answer = await next()
      if (operation !== 'DescribeAutoScalingGroups') {
        // what has just been launched is of the version that the group has now
        if (answer.status === 200) await ask(describe)
        return answer
      }
      let body = answer.body
      for (const group of elements(elements(body, 'AutoScalingGroups').join(''), 'member')) {
        const [instances = ''] = elements(group, 'Instances')
        const own = group.replace(instances, '')
        const version = await numberOf(elements(own, 'LaunchTemplate')[0], ask)
        for (const instance of elements(instances, 'member')) {
          const id = valueOf(instance, 'InstanceId') ?? ''
          if (version !== undefined && !launched.has(id)) launched.set(id, version)
          const was = launched.get(id)
          if (was !== undefined)
            body = body.replace(instance, () => instance.replace(/<Version>[^<]*</, () => `<Version>${was}<`))
        }
      }
      return { ...answer, body }
    },
    reset: () => launched.clear(),
  }
}

/** `$Default` and `$Latest` as the number they mean now. */
async function numberOf(
  template: string | undefined,
  ask: (question: Question) => Promise<Answer>,
): Promise<string | undefined> {
  if (template === undefined) return undefined
  const version = valueOf(template, 'Version') ?? '$Default'
  if (/^\d+$/.test(version)) return version
  const { body } = await ask({
    service: 'ec2',
    parameters: {
      Action: 'DescribeLaunchTemplates',
      'LaunchTemplateId.1': valueOf(template, 'LaunchTemplateId') ?? '',
    },
  })
  return valueOf(body, version === '$Latest' ? 'latestVersionNumber' : 'defaultVersionNumber')
}
