import { refusal, type Answer, type Rule } from './rule.ts'

/** A client token makes a call idempotent (EC2 Developer Guide, Ensuring idempotency); moto makes a second object. */
export function clientTokens(): Rule {
  const used = new Map<string, { readonly asked: string; readonly answer: Promise<Answer> }>()
  return {
    because: 'EC2 Developer Guide, Ensuring idempotency: the same answer, or IdempotentParameterMismatch',
    operations: [
      'RunInstances',
      'CreateLaunchTemplate',
      'CreateLaunchTemplateVersion',
      'CreateVolume',
      'CopyImage',
      'CreateRouteTable',
      'CreateNatGateway',
      'CreateVpcEndpoint',
    ].map((operation) => `ec2:${operation}`),
    handle: async (call, next) => {
      const token = call.parameters.get('ClientToken')
      if (token === null) return await next()
      const key = `${call.operation} ${token}`
      const asked = [...call.parameters]
        .map((pair) => pair.join('='))
        .toSorted()
        .join('&')
      const before = used.get(key)
      if (before)
        return before.asked === asked
          ? await before.answer
          : refusal(call, 'IdempotentParameterMismatch', 'The client token was used with other parameters')
      const answer = next()
      used.set(key, { asked, answer })
      const { status } = await answer
      if (status !== 200) used.delete(key)
      return await answer
    },
    reset: () => used.clear(),
  }
}
