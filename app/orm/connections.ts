import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnyEntity, EntityData, QueryResult } from '@mikro-orm/core'
import { MySqlConnection } from '@mikro-orm/mysql'
import { failureOf } from './failures.ts'

type Words = Parameters<MySqlConnection['execute']>
type Rows = QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[]
type Raw = EventEmitter & { readonly stream: Socket; query(sql: string, done: (error: unknown) => void): void }

/** Thrown for a statement that got no answer in time. */
class StatementTimeout extends Error {
  readonly code = 'STATEMENT_TIMEOUT'
}

/** How long one statement may take before its server counts as hanging, in milliseconds. */
const slowest = { writer: 20_000, reader: 8_000 }

/** A pool of connections to one server, which counts its statements and can be emptied at once. */
export class WatchedConnection extends MySqlConnection {
  /** Statements sent so far. */
  statements = 0
  readonly #open = new Set<Raw>()

  /** Connections open now. */
  get open(): number {
    return this.#open.size
  }

  get label(): string {
    return this.options.name ?? 'writer'
  }

  override async connect(options?: { skipOnConnect?: boolean }): Promise<void> {
    await super.connect(options)
    const pool = (await this.getNativeClient()) as unknown as EventEmitter
    pool.on('connection', (raw: Raw) => {
      this.#open.add(raw)
      limitSelects(raw)
      raw.stream.once('close', () => this.#open.delete(raw))
    })
  }

  override async execute<T extends Rows>(...words: Words): Promise<T> {
    this.statements += 1
    const answer = super.execute<T>(...words)
    // a transaction as a whole has a time limit
    if (words[3] !== undefined) return await answer
    return await this.#inTime(answer, slowest[this.type === 'read' ? 'reader' : 'writer'])
  }

  /** Breaks all connections, so that whoever waits on a server that hangs or has changed its role gets an error now. */
  recycle(why: string): void {
    for (const raw of this.#open)
      raw.stream.destroy(Object.assign(new Error(why), { code: 'PROTOCOL_CONNECTION_LOST' }))
    this.#open.clear()
  }

  async #inTime<T>(answer: Promise<T>, limit: number): Promise<T> {
    const done = new AbortController()
    const late = sleep(limit, undefined, { signal: done.signal, ref: false }).then(() => {
      throw new StatementTimeout(`no answer from ${this.label} within ${limit / 1000} s`)
    })
    late.catch(() => undefined)
    try {
      return await Promise.race([answer, late])
    } catch (error) {
      if (error instanceof StatementTimeout) {
        answer.catch(() => undefined)
        this.recycle(error.message)
      }
      throw error
    } finally {
      done.abort()
    }
  }
}

/**
 * A SELECT ends at the server after 4 s: a search that finds half the catalogue must not look like a server that hangs. Sent before
 * anything else on the connection. MySQL's variable is in milliseconds, MariaDB's in seconds.
 */
function limitSelects(raw: Raw): void {
  raw.query('set session max_execution_time = 4000', (error) => {
    if (error !== null) raw.query('set session max_statement_time = 4', () => undefined)
  })
}

/** A reader: what fails there because of the server is asked elsewhere, since reading twice does no harm. */
export class ReaderConnection extends WatchedConnection {
  /** Told by the monitor, and by the first statement that fails. */
  state: 'unknown' | 'up' | 'down' | 'lagging' = 'unknown'
  /** Seconds behind the writer, as last measured. */
  lag: number | undefined
  /** Where else to ask when the server fails: another reader or the writer. */
  elsewhere: () => WatchedConnection = () => this
  /** Where to ask for what is not there yet. */
  writer: WatchedConnection = this
  onDown: (reader: ReaderConnection, error: unknown) => void = () => undefined

  override async execute<T extends Rows>(...words: Words): Promise<T> {
    try {
      return await super.execute<T>(...words)
    } catch (error) {
      if (words[3] !== undefined) throw error
      // whether the reader is to be left out for it, the monitor sees: the statement itself may be what is wrong
      if (failureOf(error) === 'behind') return await this.writer.execute<T>(...words)
      if (!this.failed(error)) throw error
      return await this.elsewhere().execute<T>(...words)
    }
  }

  /** Takes itself out after a failure of the server; whether it was one. */
  failed(error: unknown): boolean {
    const failure = failureOf(error)
    if (failure !== 'gone' && failure !== 'denied' && failure !== 'untrusted') return false
    if (this.state !== 'down') {
      this.state = 'down'
      this.onDown(this, error)
    }
    return true
  }
}
