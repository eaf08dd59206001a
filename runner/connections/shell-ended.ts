import { ConnectionFailure } from './connection.ts'

/** What is known of a shell that is over. */
export interface Ended {
  /** Exit status; undefined: a signal ended it, or the link broke. */
  readonly code: number | undefined
  /** What was printed before it was ready. */
  readonly stdout: string
  readonly stderr: string
  readonly ready: boolean
}

/** Why a shell ended by itself, in words; undefined: it did not, so the link broke. */
export function shellEnded(name: string, user: string, ended: Ended): ConnectionFailure | undefined {
  const { code, ready } = ended
  if (code === 125)
    return new ConnectionFailure(
      'E729',
      `there is no gzip on ${name}`,
      'install it by hand: what is sent to a host is compressed',
    )
  if (ready || code === undefined) return undefined
  // nologin(8) and commands forced by a key (that of root on EC2's images) say on stdout what is to be done
  const said = lastLine(ended.stderr) ?? lastLine(ended.stdout) ?? `exit status ${code}`
  return new ConnectionFailure(
    'E734',
    `${user} may log in to ${name}, but not run commands: ${said}`,
    `what \`ssh ${name} true\` does must end well: another user, or for this one a login shell that is no nologin, no command forced in authorized_keys, and start-up files that do not exit`,
  )
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined
}
