import type { ConnectionOptions } from 'mysql2'
import type { MysqlConfig } from '../config.ts'

/** What mysql2 takes: RDS has an authority of its own, whose certificates mysql2 brings along. */
export function tlsOptions(tls: MysqlConfig['tls']): Pick<ConnectionOptions, 'ssl'> {
  if (tls === 'off') return {}
  return { ssl: tls === 'rds' ? 'Amazon RDS' : { rejectUnauthorized: true } }
}
