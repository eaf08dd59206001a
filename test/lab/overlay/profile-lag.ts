import type { Courses } from './course.ts'
import { refusal, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

type Ask = (question: Question) => Promise<Answer>

const launching = ['Create', 'Update', 'Start'].map(
  (verb) => `autoscaling:${verb}${verb === 'Start' ? 'InstanceRefresh' : 'AutoScalingGroup'}`,
)

/**
 * EC2 knows an instance profile some seconds after IAM has it, and refuses it until then, as does Auto Scaling when its launch template names
 * one (IAM User Guide, Eventual consistency; the messages as in reports to terraform-provider-aws and eksctl), and says the same of one that there
 * is not; moto knows it at once, and Auto Scaling takes any.
 */
export function profileLag(courses: Courses): Rule {
  const born = new Map<string, number>()
  return {
    because: 'IAM User Guide, Troubleshoot IAM, “Changes that I make are not always immediately visible”',
    operations: [
      'iam:CreateInstanceProfile',
      'ec2:RunInstances',
      'ec2:AssociateIamInstanceProfile',
      'ec2:ReplaceIamInstanceProfileAssociation',
      ...launching,
    ],
    handle: async (call, next, ask) => {
      const { ms = 0 } = courses.of('instance profile')
      if (call.operation === 'CreateInstanceProfile') {
        born.set(call.parameters.get('InstanceProfileName') ?? '', courses.now())
        return await next()
      }
      const name = call.parameters.get('IamInstanceProfile.Name') ?? (await namedByTemplate(call, ask)) ?? ''
      if (name === '') return await next()
      const since = born.get(name)
      const young = since !== undefined && courses.now() - since < ms
      if (!young && (await isThere(name, ask))) return await next()
      const message = `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`
      return call.service === 'ec2'
        ? refusal(call, 'InvalidParameterValue', message)
        : refusal(call, 'ValidationError', `You must use a valid fully-formed launch template. ${message}`)
    },
    reset: () => born.clear(),
  }
}

async function isThere(name: string, ask: Ask): Promise<boolean> {
  const parameters = { Action: 'GetInstanceProfile', InstanceProfileName: name }
  return (await ask({ service: 'iam', parameters })).status === 200
}

async function namedByTemplate({ parameters }: Call, ask: Ask): Promise<string | undefined> {
  const own = (name: string): string | undefined =>
    parameters.get(`LaunchTemplate.${name}`) ??
    parameters.get(`DesiredConfiguration.LaunchTemplate.${name}`) ??
    undefined
  const id = own('LaunchTemplateId')
  if (id === undefined) return undefined
  const { body } = await ask({
    service: 'ec2',
    parameters: {
      Action: 'DescribeLaunchTemplateVersions',
      LaunchTemplateId: id,
      'LaunchTemplateVersion.1': own('Version') ?? '$Default',
    },
  })
  return valueOf(elements(body, 'iamInstanceProfile').join(''), 'name')
}
