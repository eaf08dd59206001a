import { randomBytes } from 'node:crypto'
import type { Secret } from '../secret.ts'
import { ConnectionFailure, type BatchOptions, type Connection, type Output, type Step } from './connection.ts'
import { loop, Session, type Pipe } from './session.ts'
import { quote } from './shell.ts'

/** A way to start commands at a host: SSH or this machine. */
export interface Transport {
  open(signal?: AbortSignal): Promise<void>
  /** Starts a command line; its process is the leader of its own group. */
  start(command: string): Promise<Pipe>
  /** Who commands run as without sudo. */
  user(): string
  close(): Promise<void>
  readonly alive: boolean
}

/** A host with its shells: one for each user that tasks become. */
export function makeHostConnection(
  name: string,
  transport: Transport,
  becomePassword: Secret | undefined,
  notices: readonly string[],
): Connection {
  const sessions = new Map<string, Promise<Session>>()
  const cut = new ConnectionFailure(
    'E724',
    `the connection to ${name} broke`,
    'run again: what was done stays done, the rest is taken up',
    { passing: true },
  )

  const sessionFor = async (become: string | undefined): Promise<Session> => {
    const user = become === undefined || become === transport.user() ? '' : become
    const known = sessions.get(user)
    if (known) {
      const session = await known.catch(() => undefined)
      if (session && !session.dead && transport.alive) return session
    }
    const opening = openSession(user)
    sessions.set(user, opening)
    return await opening
  }

  const openSession = async (user: string): Promise<Session> => {
    if (user === '') return new Session(await transport.start(`exec sh -c '${loop}'`), () => cut)
    const prompt = `runner-${randomBytes(8).toString('hex')}:`
    const sudo = becomePassword ? `sudo -S -p ${prompt}` : 'sudo -n'
    const pipe = await transport.start(`exec ${sudo} -H -u ${quote(user)} -- sh -c '${loop}'`)
    let asked = 0
    return new Session(
      pipe,
      (code, stderr, ready) => (ready ? cut : sudoRefused(name, user, code, stderr.replaceAll(prompt, ''), asked)),
      becomePassword &&
        ((stderr) => {
          if (!stderr.includes(prompt)) return undefined
          asked += 1
          if (asked === 1) return `${becomePassword.reveal()}\n`
          // asked again: it was wrong, and trying on would lock the account
          pipe.close()
          return undefined
        }),
    )
  }

  /** Ends what a shell runs, with all its children. */
  const kill = async (session: Session, become: string | undefined): Promise<void> => {
    // who comes next gets a new shell
    sessions.delete(become === undefined || become === transport.user() ? '' : become)
    if (session.pid !== undefined && transport.alive) {
      const sudo = become === undefined || become === transport.user() ? '' : 'sudo -n '
      const pid = session.pid
      // the shell is not always its group's leader (sudo is), so the group is looked up
      const group = `g=$(ps -o pgid= -p ${pid} | tr -d " "); ${sudo}kill -TERM -- -$g; sleep 1; ${sudo}kill -KILL -- -$g`
      const killer = await transport.start(`exec sh -c '${group}' 2>/dev/null`).catch(() => undefined)
      await new Promise<void>((resolve) => {
        if (!killer) return resolve()
        const timer = setTimeout(resolve, 3000)
        killer.onEnd(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    session.close()
  }

  const run = async (steps: readonly Step[], options: BatchOptions = {}): Promise<readonly Output[]> => {
    if (steps.length === 0) return []
    options.signal?.throwIfAborted()
    await transport.open(options.signal)
    const session = await sessionFor(options.become)
    return await limited(session.run(steps, options), options, name, () => kill(session, options.become))
  }

  return {
    notices,
    open: async (signal) => await transport.open(signal),
    run,
    async [Symbol.asyncDispose]() {
      for (const session of sessions.values()) await session.then((one) => one.close()).catch(() => undefined)
      await transport.close()
    },
  }
}

/** Waits for an answer, but not longer than allowed; ends what runs when the time is over or the run is cut. */
async function limited(
  answer: Promise<readonly Output[]>,
  { timeout, signal }: BatchOptions,
  name: string,
  kill: () => Promise<void>,
): Promise<readonly Output[]> {
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  const ended = new Promise<never>((_, reject) => {
    if (timeout !== undefined) {
      timer = setTimeout(() => {
        reject(
          new ConnectionFailure(
            'E725',
            `${name} did not finish within ${timeout} s, so it was stopped`,
            'give the task a longer `timeout:`, or look on the host what hangs',
          ),
        )
      }, timeout * 1000)
    }
    stop = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', stop, { once: true })
  })
  answer.catch(() => undefined)
  try {
    return await Promise.race([answer, ended])
  } catch (error) {
    if ((error instanceof ConnectionFailure && error.code === 'E725') || signal?.aborted) await kill()
    throw error
  } finally {
    clearTimeout(timer)
    if (stop) signal?.removeEventListener('abort', stop)
  }
}

function sudoRefused(
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
