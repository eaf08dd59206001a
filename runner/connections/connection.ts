import type { Secret } from '../secret.ts'
import type { Traffic } from './traffic.ts'

/** Something to do on a host. Plain data: it can be shown, compared and sent. */
export type Step = Exec | Script | Upload

interface Surroundings {
  readonly stdin?: string | Secret
  readonly cwd?: string
  /** Set in the shell that runs the step, not on any command line; a secret here is still visible to the process itself. */
  readonly env?: Readonly<Record<string, string | Secret>>
}

/** One program with its words; no shell interprets them. */
export interface Exec extends Surroundings {
  readonly kind: 'exec'
  readonly argv: readonly [string, ...string[]]
}

/** Constant POSIX sh text (no value is ever pasted into it); values arrive as `$1`, `$2`, … */
export interface Script extends Surroundings {
  readonly kind: 'script'
  readonly text: string
  /** A secret may be given here: it is set inside the shell and is on no command line unless the text puts it there. */
  readonly args?: readonly (string | Secret)[]
  /** A file that it begins by looking at. What was found out for all steps of the batch at once is in `$seen` and `$seen_sum`. */
  readonly sees?: Seen
}

export interface Seen {
  readonly path: string
  /** Of `stat -c`, without a slash: `$seen` is its line. Empty: look yourself. */
  readonly format: string
  /** `$seen_sum` is the SHA-256 of what a plain file holds, or empty. */
  readonly sum?: boolean
}

/** A file put in place atomically: written beside its destination, given owner and mode, checked, renamed. */
export interface Upload {
  readonly kind: 'upload'
  readonly path: string
  readonly content: string | Secret | Uint8Array | Streamed
  /** Octal digits as text: `0644`. Absent: that of the file replaced, or 0644. */
  readonly mode?: string
  readonly owner?: string
  readonly group?: string
  /** A link in its place gives way to it; else what the link leads to is written, as an editor would. */
  readonly overLink?: true
  /** A command that must succeed on the new file before it replaces the old; `%s` stands for its name. */
  readonly validate?: readonly [string, ...string[]]
}

/**
 * Bytes that lie on this machine and are read only while they are sent, so that few of them are in memory. When the link breaks the host
 * keeps what it has, and only the rest is sent then.
 */
export interface Streamed {
  /** Names what they are, in letters and digits: the same name, the same bytes. */
  readonly id: string
  readonly size: number
  readonly parts: readonly (Uint8Array | LocalPart)[]
}

/** A whole file of this machine; its name, where it need not be UTF-8, in bytes. */
export interface LocalPart {
  readonly file: string | Uint8Array
  readonly size: number
  /** Hexadecimal; a file that holds something else by now is not sent. */
  readonly sha256: string
}

/** Bytes from which on a file is streamed; smaller ones are less work at once. */
export const large = 4 * 1_048_576

export interface Output {
  readonly stdout: string
  readonly stderr: string
  /** Exit status; 128 + n when ended by signal n. */
  readonly code: number
}

export interface BatchOptions {
  /** Run as this user through sudo; absent: as the login user. */
  readonly become?: string
  /** Another shell of that user: what it runs goes on beside what the others run. Absent: the first. */
  readonly shell?: number
  readonly signal?: AbortSignal
  /** Seconds for the whole batch; the remote process group is killed when it has passed. */
  readonly timeout?: number
  /** True: the first step with an exit status other than 0 ends the batch; those after it have no output. */
  readonly stopOnFailure?: boolean
  /**
   * When this is aborted, what runs comes to its end, and the batch ends before the next of these steps: what follows has no
   * output.
   */
  readonly stopBefore?: { readonly signal: AbortSignal; readonly steps: readonly number[] }
  /** What the steps print is wanted when all are through: it travels in a few packets instead of many. NUL bytes are lost. */
  readonly gathered?: true
  /** What the steps print, as it comes. */
  readonly onOutput?: (index: number, stream: 'stdout' | 'stderr', text: string) => void
  /** How many bytes of a large file the host has by now, or soon, of how many. */
  readonly onSent?: (index: number, sent: number, all: number) => void
}

/** A host that can be asked and told. One object a host; one persistent shell a user. */
export interface Connection extends AsyncDisposable {
  /** Begins to open it. What becomes of that is told to who first needs it, and to nobody if no one does. */
  begin(signal: AbortSignal, users: readonly string[]): void
  /** Opens the connection now (else the first batch does): TCP, host key, authentication. The shells of users who will be needed are begun, too. */
  open(signal?: AbortSignal, users?: readonly string[]): Promise<void>
  /** Runs steps in one round trip. The answer has one output a step; shorter when `stopOnFailure` ended it early. */
  run(steps: readonly Step[], options?: BatchOptions): Promise<readonly Output[]>
  /** Logs in anew for what comes next, so that it has the groups that users have now; what runs comes to its end. */
  renew(): Promise<void>
  /** Said once to the user, such as `host key of web1 pinned (SHA256:…)`. */
  readonly notices: readonly string[]
  /** What it cost so far. */
  readonly traffic: Traffic
}

/** The host can't be reached or used: refused, wrong host key, wrong key, sudo refused, link cut. `code` is that of the diagnostic. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure'
  readonly code: `E${number}`
  readonly hint: string
  /** Whether trying again could help: a cut link yes, a wrong key no. */
  readonly passing: boolean

  constructor(code: `E${number}`, message: string, hint: string, options: ErrorOptions & { passing?: boolean } = {}) {
    super(message, options)
    this.code = code
    this.hint = hint
    this.passing = options.passing ?? false
  }
}

/** Where and how to reach a host: what the inventory says, before `ssh_config` is applied. */
export interface Place {
  /** Inventory name. */
  readonly name: string
  readonly connection: 'ssh' | 'local'
  readonly address?: string
  readonly port?: number
  readonly user?: string
  readonly identity?: string
  readonly becomePassword?: Secret
  /** Pin host keys under this name instead of the address: an EC2 instance id. */
  readonly pinAs?: string
  /** Lines `ssh-ed25519 AAAA…` known from elsewhere (console output); when given, only these are accepted. */
  readonly hostKeys?: readonly string[]
}
