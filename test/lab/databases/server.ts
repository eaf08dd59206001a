import { spawn } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, type Connection } from 'mysql2/promise'
import { freePort } from '../free-port.ts'

/** A database server of the lab: reachable at the loopback address only. */
export interface Mysql {
  readonly port: number
  readonly user: string
  readonly password: string
  /** Where it keeps its data and its logs. */
  readonly folder: string
  readonly pid: number
  /** Runs a statement as the administrator and returns the rows. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** What the general log has, if it was asked for. */
  log(): string
  /** SIGSTOP and SIGCONT: a server that hangs; SIGKILL: one that is gone. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGTERM'): void
  close(): Promise<void>
}

export interface MysqlOptions {
  /** Unique among the servers that replicate with each other. */
  readonly id?: number
  readonly port?: number
  /** Write every statement to a file. */
  readonly log?: boolean
  readonly options?: readonly string[]
}

const user = 'lab'
const password = 'lab-password'

// not replicated: each server has its own, and a replica must not have transactions of its own
const administrator = `SET sql_log_bin = 0;
CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;
`

/** Starts a server of either kind on a copy of an initialised data folder, and waits until it answers. */
export async function startServer(argv: readonly string[], emptyData: string, options: MysqlOptions): Promise<Mysql> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-database-'))
  const at = (name: string): string => join(folder, name)
  cpSync(emptyData, at('data'), { recursive: true })
  writeFileSync(at('first.sql'), administrator)
  const port = options.port ?? (await freePort())
  const [command, ...words] = argv
  const errors = openSync(at('error.log'), 'a')
  const child = spawn(
    command as string,
    [
      ...words,
      `--datadir=${at('data')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${at('sock')}`,
      `--pid-file=${at('pid')}`,
      `--init-file=${at('first.sql')}`,
      `--server-id=${options.id ?? 1}`,
      '--skip-name-resolve',
      ...(options.log ? ['--general-log=ON', `--general-log-file=${at('general.log')}`] : []),
      ...(options.options ?? []),
    ],
    { stdio: ['ignore', errors, errors] },
  )
  closeSync(errors)
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  for (let left = 300; left > 0 && child.exitCode === null; left--) {
    const connection = await reach(at('sock'))
    if (connection !== undefined)
      return {
        port,
        user,
        password,
        folder,
        pid: child.pid as number,
        query: async (sql, values = []) => (await connection.query(sql, [...values]))[0] as Record<string, unknown>[],
        log: () => readFileSync(at('general.log'), 'utf8'),
        signal: (name) => void child.kill(name),
        close: async () => {
          connection.destroy()
          await close()
        },
      }
    await sleep(200)
  }
  const said = readFileSync(at('error.log'), 'utf8').slice(-2000)
  await close()
  throw new Error(`the database server does not start:\n${said}`)
}

/** By its socket, which is let in also where connections must be encrypted. */
async function reach(socketPath: string): Promise<Connection | undefined> {
  const made = await createConnection({ socketPath, user, password }).catch(() => undefined)
  made?.on('error', () => undefined)
  return made
}
