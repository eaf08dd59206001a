import { ConnectionFailure } from './connection.ts'
import type { SshSettings } from './ssh-settings.ts'

/** Why a host could not be reached, in words. */
export function explainSsh(
  error: Error & { code?: string; level?: string },
  name: string,
  settings: SshSettings,
  tried: readonly string[],
): ConnectionFailure {
  const { host, port, user } = settings
  const where = `${name} (${user}@${host}:${port})`
  const say = (code: `E${number}`, message: string, hint: string, passing: boolean): ConnectionFailure =>
    new ConnectionFailure(code, message, hint, { cause: error, passing })
  if (error.level === 'client-authentication') {
    const list = tried.length === 0 ? 'no key was found' : `tried ${tried.join(', ')}`
    return say(
      'E726',
      `${where} does not accept the login: ${list}`,
      `check the user and the key: ssh -p ${port} ${user}@${host}; \`identity\` in the inventory or IdentityFile in ssh_config names the key`,
      false,
    )
  }
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return say(
      'E720',
      `${where}: there is no such name`,
      'give the host an `address` in the inventory, or HostName in ssh_config',
      error.code === 'EAI_AGAIN',
    )
  if (error.code === 'ECONNREFUSED')
    return say('E720', `${where} refuses the connection`, 'is sshd running, and is this its port?', true)
  if (error.level === 'client-timeout' || error.code === 'ETIMEDOUT')
    return say(
      'E720',
      `${where} did not answer within ${settings.connectTimeout} s`,
      'is it up? Does a firewall or security group let you through?',
      true,
    )
  if (error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH')
    return say('E720', `there is no way to ${where}`, 'check the network, a VPN, or ProxyJump in ssh_config', true)
  if (error.code === 'ECONNRESET' || /closed|reset|lost/i.test(error.message))
    return say(
      'E720',
      `${where} closed the connection`,
      'it may be starting, or limit connections (MaxStartups); try again, or with smaller --forks',
      true,
    )
  return say('E720', `${where}: ${error.message}`, 'see what `ssh -v` says', error.level === 'client-socket')
}
