import { refusal, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/**
 * A security group cannot be deleted while a rule of another group or a network interface refers to it (EC2 API Reference,
 * DeleteSecurityGroup: DependencyViolation); moto deletes it.
 */
export function groupDependencies(): Rule {
  return {
    because: 'EC2 API Reference: DeleteSecurityGroup fails with DependencyViolation',
    operations: ['ec2:DeleteSecurityGroup'],
    handle: async (call, next, ask) => {
      const id = call.parameters.get('GroupId')
      if (id === null) return await next()
      const rules = await ask({ service: 'ec2', parameters: { Action: 'DescribeSecurityGroupRules' } })
      const named = elements(elements(rules.body, 'securityGroupRuleSet').join(''), 'item').some((rule) => {
        const [source = ''] = elements(rule, 'referencedGroupInfo')
        // a group may name itself
        return valueOf(source, 'groupId') === id && valueOf(rule.replace(source, ''), 'groupId') !== id
      })
      const { body: used } = await ask({
        service: 'ec2',
        parameters: { Action: 'DescribeNetworkInterfaces', 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': id },
      })
      return named || used.includes('<networkInterfaceId>')
        ? refusal(call, 'DependencyViolation', `resource ${id} has a dependent object`)
        : await next()
    },
  }
}
