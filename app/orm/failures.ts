/** What a statement's failure means for whoever asked for it. */
export type Failure =
  /** No connection, or it broke: the server is gone, or is not the one it was. */
  | 'gone'
  /** The server takes no writes: it was the writer before a failover. */
  | 'read-only'
  /** Deadlock or lock wait: the server has undone the transaction. */
  | 'again'
  | 'denied'
  /** No encrypted connection, or none to a server that can be trusted: mostly a matter of settings. */
  | 'untrusted'
  /** The tables of this version are not there: not set up, or not yet replicated. */
  | 'behind'
  | 'other'

const gone = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_CLIENT_INTERACTION_TIMEOUT',
  'ER_QUERY_INTERRUPTED',
  'STATEMENT_TIMEOUT',
])
const readOnly = new Set([
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
])
const again = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'])
const denied = new Set(['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'])
const untrusted = new Set(['HANDSHAKE_SSL_ERROR', 'HANDSHAKE_NO_SSL_SUPPORT', 'ER_SECURE_TRANSPORT_REQUIRED'])
const behind = new Set(['ER_BAD_DB_ERROR', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'NOT_MIGRATED'])

/** Looks through the causes: the ORM wraps what the driver threw. */
export function failureOf(error: unknown): Failure {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause ?? previous(each), depth++) {
    const code = (each as { code?: unknown }).code
    if (typeof code === 'string') {
      if (gone.has(code)) return 'gone'
      if (readOnly.has(code)) return 'read-only'
      if (again.has(code)) return 'again'
      if (denied.has(code)) return 'denied'
      if (untrusted.has(code)) return 'untrusted'
      if (behind.has(code)) return 'behind'
    }
    // mysql2 has no code for these two
    if (/closed state|Connection lost|Pool is closed|Can't add new command/i.test(each.message)) return 'gone'
  }
  return 'other'
}

function previous(error: Error): unknown {
  return (error as { previous?: unknown }).previous
}

/** Whether the server ended a SELECT because it took too long. */
export function tookTooLong(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === 'ER_QUERY_TIMEOUT' || code === 'ER_STATEMENT_TIMEOUT'
}

/** The database cannot be reached, after all that could be tried: a clean 503. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  /** Nobody knows whether it was done: the connection broke while it was being committed. */
  readonly unknownOutcome: boolean

  constructor(cause: unknown, unknownOutcome = false) {
    super('the database is away', { cause })
    this.unknownOutcome = unknownOutcome
  }
}
