import { refusal, type Rule } from './rule.ts'

/** EC2 User Guide, Run commands at launch: “User data is limited to 16 KB, in raw form, before it is base64-encoded.” */
const most = 16_384

/** User data is base64, at most 16 KB of what it says (EC2 API Reference: InvalidUserData.Malformed, InvalidParameterValue); moto takes anything. */
export function userData(): Rule {
  return {
    because: 'EC2 API Reference, error codes: InvalidUserData.Malformed; User Guide: 16 KB in raw form',
    operations: ['RunInstances', 'CreateLaunchTemplate', 'CreateLaunchTemplateVersion'].map(
      (operation) => `ec2:${operation}`,
    ),
    handle: async (call, next) => {
      const text = call.parameters.get('UserData') ?? call.parameters.get('LaunchTemplateData.UserData')
      if (text === null) return await next()
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replaceAll(/\s/g, '')))
        return refusal(call, 'InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.')
      if (Buffer.from(text, 'base64').length > most)
        return refusal(call, 'InvalidParameterValue', `User data is limited to ${most} bytes`)
      return await next()
    },
  }
}
