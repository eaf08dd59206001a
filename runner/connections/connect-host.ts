import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Secret } from '../secret.ts'
import { ConnectionFailure, type BatchOptions, type Connection, type Output, type Step } from './connection.ts'
import { loop } from './loop.ts'
import { makeSeats } from './seats.ts'
import { Session, type Pipe } from './session.ts'
import { quote } from './shell.ts'
import { shellEnded, type Ended } from './shell-ended.ts'
import { sudoRefused } from './sudo-errors.ts'
import { makeCounter } from './traffic.ts'

/** A way to start commands at a host: SSH or this machine. */
export interface Transport {
  open(signal?: AbortSignal): Promise<void>
  /** Starts a command line; its process is the leader of its own group. */
  start(command: string): Promise<Pipe>
  /** Who commands run as without sudo. */
  user(): string
  /** What is started from now on belongs to a new log-in; where there is none, nothing happens. */
  renew(): void
  close(): Promise<void>
  readonly alive: boolean
}

/** Shells that are begun before somebody needs them. */
const early = 4

/** A host with its shells: one for each user that tasks become. */
export function makeHostConnection(
  name: string,
  transport: Transport,
  becomePassword: Secret | undefined,
  notices: readonly string[],
): Connection {
  const sessions = new Map<string, Promise<Session>>()
  const seat = makeSeats(sessions)
  const closing = new AbortController()
  let begun: Promise<void> | undefined
  const counter = makeCounter()
  const start = async (command: string): Promise<Pipe> => counter.watch(await transport.start(command))
  const cut = new ConnectionFailure(
    'E724',
    `the connection to ${name} broke`,
    'run again: what was done stays done, the rest is taken up',
    { passing: true },
  )

  const userOf = (become: string | undefined): string =>
    become === undefined || become === transport.user() ? '' : become

  const keyOf = (become: string | undefined, shell = 0): string => `${userOf(become)}\0${shell}`

  const sessionFor = async (become: string | undefined, shell?: number): Promise<Session> => {
    const key = keyOf(become, shell)
    for (let known = sessions.get(key); known; known = sessions.get(key)) {
      const session = await known.catch(() => undefined)
      if (session && !session.dead && transport.alive) return session
      // somebody else may have opened a new one meanwhile
      if (sessions.get(key) === known) sessions.delete(key)
    }
    const opening = openSession(userOf(become))
    sessions.set(key, opening)
    return await opening
  }

  const openSession = async (user: string): Promise<Session> => {
    // by this word the shell is found while its number is not known
    const mark = `runner-${randomBytes(8).toString('hex')}`
    const shell = `sh -c '${loop(becomePassword !== undefined && user !== '')}' sh ${mark}`
    const why = (ended: Ended): ConnectionFailure => shellEnded(name, transport.user(), ended) ?? cut
    if (user === '') return new Session(mark, await start(`exec ${shell}`), why)
    const prompt = `runner-${randomBytes(8).toString('hex')}:`
    const sudo = becomePassword ? `sudo -S -p ${prompt}` : 'sudo -n'
    const pipe = await start(`exec env LC_ALL=C ${sudo} -H -u ${quote(user)} -- ${shell}`)
    let asked = 0
    return new Session(
      mark,
      pipe,
      (ended) => {
        const stderr = ended.stderr.replaceAll(prompt, '')
        // sudo never keeps silent
        const bySudo = asked > 0 || (ended.code !== undefined && ended.code !== 0 && stderr.trim() !== '')
        return !ended.ready && bySudo ? sudoRefused(name, user, ended.code, stderr, asked) : why(ended)
      },
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

  /** Does something to a shell, of which `$1` is the process, or empty and `$2` the mark. Another shell of the same user does it: that one may, and needs no more than sudo once. */
  const signalled = async (session: Session, become: string | undefined, text: string): Promise<void> => {
    if (session.dead || !transport.alive) return
    const other = await openSession(userOf(become)).catch(() => undefined)
    const step = { kind: 'script', text, args: [String(session.pid ?? ''), session.mark] } as const
    if (other) await Promise.race([other.run([step], {}).catch(() => undefined), wait(5000, undefined, { ref: false })])
    other?.close()
  }

  /** Ends what a shell runs, with all its children. */
  const kill = async (session: Session, { become, shell }: BatchOptions): Promise<void> => {
    sessions.delete(keyOf(become, shell))
    await signalled(session, become, endOfSession)
    session.close()
  }

  const reach = async (signal?: AbortSignal): Promise<void> => {
    // all who wait for it now learn why it failed; who comes later tries again
    if (begun) await begun.finally(() => setImmediate(() => (begun = undefined)))
    await transport.open(signal)
  }

  const run = async (steps: readonly Step[], options: BatchOptions = {}): Promise<readonly Output[]> => {
    if (steps.length === 0) return []
    options.signal?.throwIfAborted()
    await reach(options.signal)
    const leave = await seat(keyOf(options.become, options.shell))
    try {
      options.signal?.throwIfAborted()
      return await runIn(await sessionFor(options.become, options.shell), steps, options)
    } finally {
      leave()
    }
  }

  const runIn = async (session: Session, steps: readonly Step[], options: BatchOptions): Promise<readonly Output[]> => {
    const answered = counter.asked()
    const stop = options.stopBefore?.signal
    const stopping = (): void => void signalled(session, options.become, '[ -z "$1" ] || kill -s USR1 -- "$1"')
    stop?.addEventListener('abort', stopping, { once: true })
    try {
      const outputs = await limited(
        (begun, moved) =>
          session.run(steps, { ...options, onSent: (...what) => (moved(), options.onSent?.(...what)) }, begun),
        options,
        name,
        () => kill(session, options),
      )
      answered()
      return outputs
    } finally {
      stop?.removeEventListener('abort', stopping)
    }
  }

  return {
    notices,
    get traffic() {
      return counter.traffic
    },
    begin(signal, users) {
      begun = transport.open(AbortSignal.any([signal, closing.signal])).then(() => {
        for (const user of users.slice(0, early)) sessionFor(user).catch(() => undefined)
      })
      begun.catch(() => undefined)
    },
    async open(signal, users = []) {
      await reach(signal)
      // why one can't be had is said to the batch that wants it
      for (const user of users.slice(0, early)) sessionFor(user).catch(() => undefined)
    },
    run,
    async renew() {
      const before = [...sessions.values()]
      sessions.clear()
      transport.renew()
      // a shell whose input ends does first what it was sent
      for (const session of before) await session.then((one) => one.close()).catch(() => undefined)
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await begun?.catch(() => undefined)
      for (const session of sessions.values()) await session.then((one) => one.close()).catch(() => undefined)
      await transport.close()
    },
  }
}

/**
 * Sends a batch and waits for its answer, but not longer than allowed; ends what runs when the time is over or the run is cut.
 * The time counts from when the shell is free for it: probes wait behind long steps.
 */
async function limited(
  send: (begun: () => void, moved: () => void) => Promise<readonly Output[]>,
  { timeout, signal }: BatchOptions,
  name: string,
  kill: () => Promise<void>,
): Promise<readonly Output[]> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  let over = false
  let settled = false
  const stop = (reason: unknown): void => {
    over = true
    reject(reason)
  }
  const begun = (): void => {
    if (timeout === undefined) return
    clearTimeout(timer)
    const hint = 'give the task a longer `timeout:`, or look on the host what hangs'
    timer = setTimeout(
      () => stop(new ConnectionFailure('E725', `${name} did not finish within ${timeout} s, so it was stopped`, hint)),
      timeout * 1000,
    )
  }
  const aborted = (): void => stop(signal?.reason)
  signal?.addEventListener('abort', aborted, { once: true })
  const answer = send(begun, () => timer && !settled && begun())
  answer.catch(() => undefined)
  try {
    return await Promise.race([answer, ended])
  } catch (error) {
    if (over) await kill()
    throw error
  } finally {
    settled = true
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
  }
}

/**
 * Ends the session (setsid(2)) of the process `$1`: whoever is in it, whatever group it made, first kindly. In proc(5) the fourth word
 * behind the name is the session. `kill -s` because dash understands no other form together with `--`.
 */
const endOfSession = [
  'session() { read -r l 2>/dev/null <"/proc/$1/stat" && l=${l##*) } && set -- $l && s=$4; }',
  // from stdin, so that the word is on no other command line
  '[ "$1" ] || { p=$(printf %s "$2" | grep -lFf - /proc/[0-9]*/cmdline 2>/dev/null | tail -n 1); p=${p%/cmdline}; set -- "${p##*/}"; }',
  '[ "$1" ] || exit 0',
  's=; session "$1" || { kill -s KILL -- "-$1"; exit; }',
  'sid=$s',
  'for n in TERM 0 0 0 0 0 0 0 0 0 0 KILL; do',
  '  left=',
  '  for d in /proc/[0-9]*; do',
  '    s=; session "${d#/proc/}" 2>/dev/null',
  '    [ "$s" = "$sid" ] && kill -s $n -- "${d#/proc/}" 2>/dev/null && left=y',
  '  done',
  '  [ -n "$left" ] || exit 0',
  '  sleep 0.1',
  'done',
].join('\n')
