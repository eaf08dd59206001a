import { ConnectionFailure } from './connection.ts'

/** Why sudo did not let us become somebody, in words. */
export function sudoRefused(
  name: string,
  user: string,
  code: number | undefined,
  stderr: string,
  asked: number,
): ConnectionFailure {
  const said = stderr.trim().split('\n').at(-1) ?? ''
  const as = user === 'root' ? 'root' : `the user ${user}`
  if (code === 127 || /not found/.test(said))
    return new ConnectionFailure(
      'E723',
      `there is no sudo on ${name}`,
      'install it, log in as the user itself, or leave out `become`',
    )
  if (asked > 0 || /incorrect password|Sorry, try again/.test(stderr))
    return new ConnectionFailure(
      'E722',
      `sudo on ${name} does not accept the password`,
      'give the right one to --ask-become-pass',
    )
  if (/password is required|terminal is required/.test(stderr))
    return new ConnectionFailure(
      'E722',
      `sudo on ${name} wants a password to become ${as}`,
      'say --ask-become-pass, or allow it without password (NOPASSWD in /etc/sudoers.d)',
    )
  if (/must have a tty/.test(stderr))
    return new ConnectionFailure(
      'E722',
      `sudo on ${name} wants a terminal (\`requiretty\`)`,
      'take `requiretty` out of its sudoers, or except this user: a file in /etc/sudoers.d with `Defaults:USER !requiretty`',
    )
  if (/unknown user/.test(stderr))
    return new ConnectionFailure(
      'E722',
      `there is no user ${user} on ${name}`,
      'make it by a task before (system.user)',
    )
  return new ConnectionFailure(
    'E722',
    `sudo on ${name} refuses to become ${as}${said === '' ? '' : `: ${said}`}`,
    'allow it in /etc/sudoers.d, or leave out `become`',
  )
}
