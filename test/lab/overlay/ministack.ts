import { defaultWarmup } from './default-warmup.ts'
import { canonicalImage } from './images.ts'
import { json, xml, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { elements } from './xml.ts'

/** Ministack's own Ubuntu. */
const ubuntu = 'ami-0123456789abcdef0'

/** What ministack lacks of what the playbook needs, though it has the kind; docs/emulators.md lists the rest. */
export function ministackRules(): readonly Rule[] {
  return [canonicalImage(ubuntu), interfaceGroups(), newestVersions(), groupTargets(), defaultWarmup(), nothingScaled()]
}

/** RunInstances takes subnet and groups of its first interface, too (EC2 API Reference, InstanceNetworkInterfaceSpecification). */
export function interfaceGroups(): Rule {
  return {
    because: 'EC2 API Reference, RunInstances: NetworkInterface.N.SubnetId and .SecurityGroupId',
    operations: ['ec2:RunInstances'],
    handle: async (call, next) => {
      const own = 'NetworkInterface.1.'
      const pairs = [...call.parameters].map(([name, value]): [string, string] =>
        name === `${own}SubnetId` || name.startsWith(`${own}SecurityGroupId.`)
          ? [name.slice(own.length), value]
          : [name, value],
      )
      return await next(withParameters(call, new URLSearchParams(pairs)))
    },
  }
}

/** Without a template the newest version of each is described (EC2 API Reference, DescribeLaunchTemplateVersions). */
export function newestVersions(): Rule {
  return {
    because: 'EC2 API Reference, DescribeLaunchTemplateVersions: $Latest of all templates of the account',
    operations: ['ec2:DescribeLaunchTemplateVersions'],
    handle: async (call, next, ask) => {
      if (call.parameters.has('LaunchTemplateId') || call.parameters.has('LaunchTemplateName')) return await next()
      const { body } = await ask({ service: 'ec2', parameters: { Action: 'DescribeLaunchTemplates' } })
      const ids = elements(elements(body, 'launchTemplates').join(''), 'item').flatMap((one) =>
        elements(one, 'launchTemplateId'),
      )
      const found: string[] = []
      for (const id of ids) {
        const parameters = new URLSearchParams([...call.parameters, ['LaunchTemplateId', id]])
        const answer = await next(withParameters(call, parameters))
        found.push(...elements(answer.body, 'launchTemplateVersionSet'))
      }
      return xml(
        `<DescribeLaunchTemplateVersionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>lab</requestId><launchTemplateVersionSet>${found.join('')}</launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>`,
      )
    },
  }
}

/**
 * A scaling group shows the target groups that it was made with (Auto Scaling API Reference, AutoScalingGroup), and registers its instances
 * there (User Guide, “Use Elastic Load Balancing”); ministack forgets them.
 */
export function groupTargets(): Rule {
  const targets = new Map<string, readonly string[]>()
  return {
    because: 'Auto Scaling API Reference, AutoScalingGroup: TargetGroupARNs',
    operations: [
      'autoscaling:CreateAutoScalingGroup',
      'autoscaling:DescribeAutoScalingGroups',
      'elb:DescribeTargetHealth',
    ],
    handle: async ({ operation, parameters }, next, ask) => {
      if (operation === 'DescribeTargetHealth') {
        const arn = parameters.get('TargetGroupArn') ?? ''
        const [name] = [...targets].find(([, arns]) => arns.includes(arn)) ?? []
        return name === undefined ? await next() : healthy(await instancesOf(name, ask))
      }
      const answer = await next()
      if (answer.status !== 200) return answer
      if (operation === 'CreateAutoScalingGroup') {
        const arns = [...parameters].flatMap(([name, value]) => (name.startsWith('TargetGroupARNs.') ? [value] : []))
        targets.set(parameters.get('AutoScalingGroupName') ?? '', arns)
        return answer
      }
      const body = [...targets].reduce(
        (text, [name, arns]) =>
          text.replace(
            `<AutoScalingGroupName>${name}</AutoScalingGroupName>`,
            (element) =>
              `${element}<TargetGroupARNs>${arns.map((arn) => `<member>${arn}</member>`).join('')}</TargetGroupARNs>`,
          ),
        answer.body,
      )
      return { ...answer, body }
    },
    reset: () => targets.clear(),
  }
}

type Ask = (question: Question) => Promise<Answer>

async function instancesOf(group: string, ask: Ask): Promise<readonly string[]> {
  const parameters = { Action: 'DescribeAutoScalingGroups', 'AutoScalingGroupNames.member.1': group }
  const { body } = await ask({ service: 'autoscaling', parameters })
  return elements(elements(body, 'Instances').join(''), 'InstanceId')
}

function healthy(ids: readonly string[]): Answer {
  const members = ids.map(
    (id) => `<member><Target><Id>${id}</Id></Target><TargetHealth><State>healthy</State></TargetHealth></member>`,
  )
  return xml(
    `<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>`,
  )
}

/** Ministack has no Application Auto Scaling: what is not scaled shows no targets there. */
export function nothingScaled(): Rule {
  return {
    because: 'Application Auto Scaling API Reference, DescribeScalableTargets: an empty list',
    operations: ['application-autoscaling:DescribeScalableTargets'],
    handle: async () => await Promise.resolve(json({ ScalableTargets: [] })),
  }
}

function withParameters(call: Call, parameters: URLSearchParams): Call {
  return { ...call, parameters, body: parameters.toString() }
}
