import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import process from 'node:process'
import { Faults, type Environment } from './config-faults.ts'

/** What the application is told by its environment, all of it checked before anything starts. */
export interface Config {
  readonly environment: 'development' | 'production'
  readonly port: number
  readonly host: string
  /** Which of the instances this is: in every line of the log. */
  readonly instance: string
  readonly logLevel: string
  readonly database: DatabaseConfig
  readonly signing: SigningConfig
  /** What Express's "trust proxy" takes: how many proxies stand before the application, or their addresses. */
  readonly trustProxy: number | readonly string[]
  /** The folder all instances share: covers and the favicon. */
  readonly shared: string
  readonly unpaidMinutes: number
  /** Seconds between no longer being ready and taking no more requests. */
  readonly stopDelay: number
  readonly limits: { readonly loginPerMinute: number; readonly writesPerMinute: number }
  readonly metricsToken?: string
  readonly admin?: { readonly email: string; readonly password: string }
}

export type DatabaseConfig = MysqlConfig | { readonly kind: 'embedded'; readonly file: string }

export interface MysqlConfig {
  readonly kind: 'mysql'
  readonly writer: Address
  readonly readers: readonly Address[]
  readonly name: string
  readonly user: string
  /** The password itself, or the ARN of the secret in AWS Secrets Manager that has it. */
  readonly password: { readonly value: string } | { readonly secret: string }
  readonly tls: TlsConfig
  /** Connections to each server. */
  readonly pool: number
  /** A reader further behind than this many seconds is left out. */
  readonly maxLag: number
  /** How long, in seconds, work is tried again while the writer is away. */
  readonly patience: number
  /** How long, in seconds, `bookstore setup` waits for the database. */
  readonly setupPatience: number
}

export type TlsConfig =
  | 'off'
  | {
      /** Whose certificates are trusted: those of RDS, those of this system, or those of a file. */
      readonly by: 'rds' | 'system' | { readonly ca: string }
      /** Whether the certificate must be for the name that was connected to. */
      readonly name: 'checked' | 'any'
    }

export interface Address {
  readonly host: string
  readonly port: number
}

export type SigningConfig =
  | { readonly keys: readonly [string, ...string[]] }
  /** The ARN of a secret that the signing key is derived from. */
  | { readonly secret: string }

/** The environment of this process: the only place that reads it. */
export function processEnvironment(): Environment {
  return process.env
}

/** Reads the environment; every fault of it is listed in one error. */
export function readConfig(env: Environment): Config {
  const from = new Faults(env)
  const environment = from.choice('NODE_ENV', ['development', 'production'] as const, 'development')
  const production = environment === 'production'
  const token = from.text('METRICS_TOKEN')
  if (token !== '' && token.length < 16) from.fault('METRICS_TOKEN is shorter than 16 characters')
  const email = from.text('ADMIN_EMAIL').toLowerCase()
  const password = from.text('ADMIN_PASSWORD')
  if ((email === '') !== (password === '')) from.fault('ADMIN_EMAIL and ADMIN_PASSWORD go together: one is missing')
  if (password !== '' && password.length < 10) from.fault('ADMIN_PASSWORD is shorter than 10 characters')
  const config: Config = {
    environment,
    port: from.whole('PORT', 5000, 0, 65535),
    host: from.text('HOST', '0.0.0.0'),
    instance: from.text('INSTANCE_ID', hostname()),
    logLevel: from.choice('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const, 'info'),
    database: readDatabase(from, production),
    signing: readSigning(from, production),
    trustProxy: readProxies(from),
    shared: from.text('SHARED_FOLDER', fileURLToPath(new URL('shared', import.meta.url))),
    unpaidMinutes: from.whole('UNPAID_MINUTES', 30, 1, 7 * 24 * 60),
    stopDelay: from.whole('STOP_DELAY', production ? 5 : 0, 0, 30),
    limits: {
      loginPerMinute: from.whole('LIMIT_LOGINS_PER_MINUTE', 10, 1, 1_000_000),
      writesPerMinute: from.whole('LIMIT_WRITES_PER_MINUTE', 120, 1, 1_000_000),
    },
    ...(token !== '' && { metricsToken: token }),
    ...(email !== '' && { admin: { email, password } }),
  }
  from.done()
  return config
}

function readDatabase(from: Faults, production: boolean): DatabaseConfig {
  const host = from.text('DATABASE_HOST')
  if (host === '') {
    if (production) from.fault('DATABASE_HOST is missing: the endpoint of the writer')
    else if (from.text('DATABASE_READER_HOST') !== '') from.fault('DATABASE_READER_HOST is given without DATABASE_HOST')
    return {
      kind: 'embedded',
      file: from.text('SQLITE_FILE', fileURLToPath(new URL('bookstore.sqlite', import.meta.url))),
    }
  }
  const port = from.whole('DATABASE_PORT', 3306, 1, 65535)
  const secret = from.text('DATABASE_SECRET')
  const value = from.text('DATABASE_PASSWORD')
  if (secret !== '' && value !== '') from.fault('DATABASE_SECRET and DATABASE_PASSWORD are both given: one of them')
  if (secret === '' && value === '')
    from.fault('the database’s password is missing: DATABASE_SECRET (the ARN of a secret) or DATABASE_PASSWORD')
  if (secret !== '' && !/^arn:aws[a-z-]*:secretsmanager:/.test(secret))
    from.fault('DATABASE_SECRET is not the ARN of a secret in AWS Secrets Manager')
  const name = from.text('DATABASE_NAME', 'bookstore')
  if (!/^[A-Za-z0-9_]{1,64}$/.test(name)) from.fault(`DATABASE_NAME is ${name}: letters, digits and _ only`)
  return {
    kind: 'mysql',
    writer: from.address('DATABASE_HOST', host, port),
    readers: from.list('DATABASE_READER_HOST').map((reader) => from.address('DATABASE_READER_HOST', reader, port)),
    name,
    user: from.text('DATABASE_USER', 'bookstore'),
    password: secret === '' ? { value } : { secret },
    tls: readTls(from, host),
    pool: from.whole('DATABASE_POOL', 10, 1, 500),
    maxLag: from.whole('DATABASE_MAX_LAG', 5, 1, 86_400),
    patience: from.whole('DATABASE_PATIENCE', 5, 0, 300),
    setupPatience: from.whole('SETUP_PATIENCE', 600, 1, 86_400),
  }
}

function readTls(from: Faults, host: string): TlsConfig {
  const file = from.text('DATABASE_TLS_CA')
  // RDS has certificates of its own authority, which mysql2 knows; in China its names are those of another domain
  const ofRds = /\.rds\.(amazonaws\.com|[a-z0-9-]+\.amazonaws\.com\.cn)(:\d+)?$/.test(host)
  const usual = file !== '' ? 'system' : ofRds ? 'rds' : 'off'
  const by = from.choice('DATABASE_TLS', ['off', 'rds', 'system'] as const, usual)
  const name = from.choice('DATABASE_TLS_NAME', ['checked', 'any'] as const, 'checked')
  if (file === '') return by === 'off' ? 'off' : { by, name }
  if (by !== 'system') from.fault(`DATABASE_TLS_CA and DATABASE_TLS=${by} are both given: one of them`)
  const ca = from.certificates('DATABASE_TLS_CA', file)
  return { by: { ca }, name }
}

function readSigning(from: Faults, production: boolean): SigningConfig {
  const secret = from.text('SECRET_KEY_SECRET')
  const key = from.text('SECRET_KEY')
  if (secret !== '') {
    if (key !== '') from.fault('SECRET_KEY and SECRET_KEY_SECRET are both given: one of them')
    if (!/^arn:aws[a-z-]*:secretsmanager:/.test(secret))
      from.fault('SECRET_KEY_SECRET is not the ARN of a secret in AWS Secrets Manager')
    return { secret }
  }
  // signs nothing of worth: the embedded database of one developer
  if (key === '' && !production) return { keys: ['development-only-key-not-a-secret'] }
  if (key === '') from.fault('SECRET_KEY is missing: 32 random characters or more, the same on every instance')
  const keys = [key, ...from.list('SECRET_KEY_PREVIOUS')]
  for (const [index, each] of keys.entries()) {
    const name = index === 0 ? 'SECRET_KEY' : 'SECRET_KEY_PREVIOUS'
    if (each !== '' && each.length < 32) from.fault(`${name} is shorter than 32 characters`)
    else if (each !== '' && new Set(each).size < 12) from.fault(`${name} is weak: fewer than 12 different characters`)
  }
  return { keys: keys as [string, ...string[]] }
}

function readProxies(from: Faults): number | readonly string[] {
  const text = from.text('TRUST_PROXY', '0')
  if (/^\d+$/.test(text)) return from.whole('TRUST_PROXY', 0, 0, 10)
  const all = from.list('TRUST_PROXY')
  for (const each of all)
    if (!/^(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(\/\d{1,3})?)$/.test(each))
      from.fault(`TRUST_PROXY has ${each}: a number of proxies, or addresses and networks (10.0.0.0/8)`)
  return all
}
