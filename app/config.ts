/** What the application is told by its environment, all of it checked before anything starts. */
export interface Config {
  readonly port: number
  readonly environment: 'development' | 'production'
  /** Absent in development: the application runs without a database then. */
  readonly database?: { readonly host: string; readonly readerHost: string; readonly port: number }
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment; every fault of it is listed in one error. */
export function readConfig(env: Environment): Config {
  const faults: string[] = []
  const environment = env['NODE_ENV'] ?? 'development'
  if (environment !== 'development' && environment !== 'production')
    faults.push(`NODE_ENV is ${environment}: development or production`)
  const port = wholeNumber('PORT', env['PORT'] ?? '5000', faults)
  const host = env['DATABASE_HOST'] ?? ''
  if (environment === 'production' && host === '') faults.push('DATABASE_HOST is missing: the endpoint of the writer')
  const databasePort = wholeNumber('DATABASE_PORT', env['DATABASE_PORT'] ?? '3306', faults)
  if (faults.length > 0) throw new Error(`the environment is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  const reader = env['DATABASE_READER_HOST'] ?? ''
  return {
    port,
    environment: environment as Config['environment'],
    ...(host !== '' && { database: { host, readerHost: reader === '' ? host : reader, port: databasePort } }),
  }
}

function wholeNumber(name: string, text: string, faults: string[]): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65535) faults.push(`${name} is ${text}: a port from 1 to 65535`)
  return value
}
