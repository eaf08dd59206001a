import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Framed, outputsOf, scriptOf, type ScriptOptions } from './batch.ts'
import { freightOf, noFreight, streamsOf, type Freight, type Stream } from './freight.ts'
import type { OpenStream } from './stream-reader.ts'
import { lookForParts } from './stream-script.ts'
import { openStreams, sendStreams } from './stream-sender.ts'
import type { BatchOptions, ConnectionFailure, Output, Step } from './connection.ts'
import type { Ended } from './shell-ended.ts'

/** A process whose streams we have: a channel of SSH, or a child. */
export interface Pipe {
  /** `gone` is called when it has left for the network, or never will. */
  write(data: string | Buffer, gone?: () => void): void
  onStdout(take: (bytes: Buffer) => void): void
  onStderr(take: (bytes: Buffer) => void): void
  /** Called once when it has ended, with why if that is known. */
  onEnd(ended: (why: { code?: number }) => void): void
  close(): void
}

/** A smaller script is sent as it is: it fits into one packet or two, and unpacking costs the host two processes. */
const packed = 4096

/** Bytes of a large file that are written at once. */
const piece = 262_144

function messageOf(script: Buffer): Buffer {
  if (script.length < packed) return Buffer.concat([Buffer.from(`${script.length}\n`), script])
  const small = gzipSync(script, { level: 1 })
  return Buffer.concat([Buffer.from(`${small.length} z\n`), small])
}

interface Pending {
  readonly out: Framed
  readonly err: Framed
  /** Both streams come on stdout, stderr first. */
  readonly gathered: boolean
  readonly begun: (() => void) | undefined
  resolve(outputs: readonly Output[]): void
  reject(error: unknown): void
}

/** A batch that is about to be sent. */
interface Expected {
  readonly answer: Promise<readonly Output[]>
  message(freight: Freight): Buffer
  reject(error: unknown): void
  /** It is not sent after all. */
  withdraw(error: unknown): never
}

/** One persistent shell. Batches are sent as they come, answers arrive in the same order: nobody waits for a round trip. */
export class Session {
  readonly #pipe: Pipe
  readonly #queue: Pending[] = []
  readonly #why: (ended: Ended) => ConnectionFailure
  /** A word of its command line that nobody else has. */
  readonly mark: string
  /** When it is over. */
  readonly ended: Promise<void>
  /** Process id of the shell, once it has said it. */
  pid: number | undefined
  /** Whether it has been asked to greet on stdout, and on stderr. */
  readonly #greeted: { stdout: boolean; stderr: boolean }
  #head = ''
  #stderr = ''
  #quiet = false
  /** Ends when what was given so far is written; undefined: nothing waits. */
  #sending: Promise<void> | undefined
  /** What waits for the shell, while the next thing read may be a password. */
  #held: Buffer[] | undefined
  #failure: ConnectionFailure | undefined

  constructor(
    mark: string,
    pipe: Pipe,
    why: (ended: Ended) => ConnectionFailure,
    onPrompt?: (stderr: string) => string | undefined,
  ) {
    this.mark = mark
    this.#pipe = pipe
    this.#why = why
    this.#held = onPrompt && []
    // where a password may be asked for, what is sent waits until the shell is there
    this.#greeted = { stdout: onPrompt !== undefined, stderr: onPrompt !== undefined }
    pipe.onStdout((bytes) => this.#stdout(bytes))
    pipe.onStderr((bytes) => this.#errors(bytes, onPrompt))
    this.ended = new Promise((over) => {
      pipe.onEnd(({ code }) => {
        this.#ended(code)
        over()
      })
    })
  }

  get dead(): boolean {
    return this.#failure !== undefined
  }

  /** Sends a batch; resolves with what its steps printed. `begun` is called when those sent before it are through. */
  async run(steps: readonly Step[], options: BatchOptions, begun?: () => void): Promise<readonly Output[]> {
    if (this.#failure) throw this.#failure
    const streams = streamsOf(steps)
    const looking = streams.length > 0 ? this.#expect([lookForParts(streams)], {}, begun) : undefined
    const batch = this.#expect(steps, options, begun)
    const packing = freightOf(steps)
    const before = this.#sending
    if (!packing && !looking && !before) this.#send(batch.message(noFreight))
    else {
      // those that come later wait until all of it is on its way
      const sending = Promise.allSettled([before]).then(async () => {
        const freight = await (packing ?? noFreight)
        const opened = looking ? await this.#open(looking, streams).catch(batch.withdraw) : []
        this.#send(batch.message({ ...freight, streams: opened.map(({ stream, at }) => ({ ...stream, at })) }))
        for (const { bytes, step } of freight.bodies)
          await this.#deliver(bytes, options, (sent) => options.onSent?.(step, sent, bytes.length))
        const deliver = async (bytes: Buffer, told?: (sent: number) => void) =>
          await this.#deliver(bytes, options, told)
        await sendStreams(opened, deliver, options.onSent)
      })
      this.#sending = sending
      sending.then(() => this.#sending === sending && (this.#sending = undefined), batch.reject)
    }
    return await batch.answer
  }

  /** Queues a batch that is about to be sent. */
  #expect(steps: readonly Step[], options: BatchOptions, begun: (() => void) | undefined): Expected {
    const marker = randomBytes(16).toString('hex')
    const { onOutput } = options
    const { promise, resolve, reject } = Promise.withResolvers<readonly Output[]>()
    // who waits for it may do so only later
    promise.catch(() => undefined)
    const pending: Pending = {
      out: new Framed(marker, onOutput && ((index, text) => onOutput(index, 'stdout', text))),
      err: new Framed(marker, onOutput && ((index, text) => onOutput(index, 'stderr', text))),
      gathered: options.gathered === true,
      begun,
      resolve,
      reject,
    }
    this.#queue.push(pending)
    if (this.#queue.length === 1) begun?.()
    return {
      answer: promise,
      reject,
      message: (freight) => messageOf(Buffer.from(scriptOf(steps, marker, this.#greeting(options), freight))),
      withdraw: (error) => {
        const at = this.#queue.indexOf(pending)
        if (at !== -1) this.#queue.splice(at, 1)
        this.#queue[0]?.begun?.()
        throw error
      },
    }
  }

  #greeting(options: BatchOptions): BatchOptions & Pick<ScriptOptions, 'greets'> {
    const before = { ...this.#greeted }
    this.#greeted.stdout = true
    if (!options.gathered) this.#greeted.stderr = true
    return { ...options, greets: { stdout: !before.stdout, stderr: !before.stderr && !options.gathered } }
  }

  #send(message: Buffer): void {
    if (this.#held) this.#held.push(message)
    else this.#pipe.write(message)
  }

  /** Sends what lies behind a script, a piece after the other: the next when the one before has left. False: there is nobody to send it to. */
  async #deliver(bytes: Buffer, { signal }: BatchOptions, onSent?: (sent: number) => void): Promise<boolean> {
    for (let at = 0; at < bytes.length; at += piece) {
      const part = bytes.subarray(at, at + piece)
      if (this.#held) this.#held.push(part)
      else if (this.dead || signal?.aborted) return false
      else await new Promise<void>((gone) => this.#pipe.write(part, gone))
      onSent?.(Math.min(bytes.length, at + piece))
    }
    return true
  }

  /** Asks what the host has of the streams, and opens them behind that. */
  async #open(looking: Expected, streams: readonly Stream[]): Promise<readonly OpenStream[]> {
    this.#send(looking.message(noFreight))
    const [output] = await looking.answer
    return await openStreams(streams, output?.stdout ?? '')
  }

  close(): void {
    this.#pipe.close()
  }

  #stdout(bytes: Buffer): void {
    let rest: Buffer | undefined = bytes
    if (this.pid === undefined) {
      // start-up files of the login shell may print before the loop begins
      this.#head += bytes.toString('latin1')
      const ready = /runner-ready (\d+)\n/.exec(this.#head)
      if (!ready) return
      this.pid = Number(ready[1])
      for (const message of this.#held ?? []) this.#pipe.write(message)
      this.#held = undefined
      rest = Buffer.from(this.#head.slice(ready.index + ready[0].length), 'latin1')
    }
    while (rest && rest.length > 0) {
      const pending: Pending | undefined = this.#queue.find((one) => !one.out.ended)
      if (!pending) return
      rest = (pending.gathered && !pending.err.ended ? pending.err : pending.out).take(rest)
      this.#settle()
    }
  }

  #errors(bytes: Buffer, onPrompt: ((stderr: string) => string | undefined) | undefined): void {
    let rest: Buffer | undefined = bytes
    if (!this.#quiet) {
      // what sudo and start-up files say belongs to no step
      this.#stderr += bytes.toString('latin1')
      const ready = /runner-ready \d+\n/.exec(this.#stderr)
      if (!ready) {
        const answer = onPrompt?.(this.#stderr)
        if (answer === undefined) return
        this.#stderr = ''
        this.#pipe.write(answer)
        return
      }
      this.#quiet = true
      rest = Buffer.from(this.#stderr.slice(ready.index + ready[0].length), 'latin1')
    }
    while (rest && rest.length > 0) {
      const pending: Pending | undefined = this.#queue.find((one) => !one.err.ended && !one.gathered)
      if (!pending) return
      rest = pending.err.take(rest)
      this.#settle()
    }
  }

  #settle(): void {
    for (let first = this.#queue[0]; first?.out.ended && first.err.ended; first = this.#queue[0]) {
      this.#queue.shift()
      this.#queue[0]?.begun?.()
      first.resolve(outputsOf(first.out, first.err))
    }
  }

  #ended(code: number | undefined): void {
    if (this.#failure) return
    this.#failure = this.#why({ code, stdout: this.#head, stderr: this.#stderr, ready: this.pid !== undefined })
    for (const pending of this.#queue.splice(0)) pending.reject(this.#failure)
  }
}
