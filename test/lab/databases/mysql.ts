import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { createConnection, type Connection } from 'mysql2/promise'
import { cached } from '../cache.ts'
import { missingParts } from '../docker.ts'
import { freePort } from '../free-port.ts'

/** A MySQL server of the lab: GTIDs on, reachable at the loopback address only. */
export interface Mysql {
  readonly port: number
  readonly user: string
  readonly password: string
  /** Where it keeps its data and its logs. */
  readonly folder: string
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

export const user = 'lab'
export const password = 'lab-password'

// run by the loader of its own distribution: neither root nor a container is needed, and the machine's C library does not matter
async function program(): Promise<{ readonly root: string; readonly argv: readonly string[] }> {
  const recipe = { suite: 'sid', include: 'mysql-server-core' }
  const folder = await cached('mysql', recipe, async (target) => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    await execa('mmdebstrap', [
      '--quiet',
      '--variant=apt',
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${recipe.include}`,
      recipe.suite,
      join(target, 'root'),
    ])
  })
  const root = join(folder, 'root')
  return {
    root,
    argv: [
      join(root, 'lib64/ld-linux-x86-64.so.2'),
      '--library-path',
      `${join(root, 'usr/lib/x86_64-linux-gnu')}:${join(root, 'usr/lib/mysql/private')}`,
      join(root, 'usr/sbin/mysqld'),
      '--no-defaults',
      `--basedir=${join(root, 'usr')}`,
      `--lc-messages-dir=${join(root, 'usr/share/mysql')}`,
      `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ],
  }
}

/** An initialised data folder, made once and copied for every server. */
async function emptyData(argv: readonly string[]): Promise<string> {
  const folder = await cached('mysql-data', { argv, version: 1 }, async (target) => {
    const [command, ...words] = argv
    await execa(command as string, [...words, '--initialize-insecure', `--datadir=${join(target, 'data')}`])
    // the server's UUID: each copy makes its own
    rmSync(join(target, 'data', 'auto.cnf'), { force: true })
  })
  return join(folder, 'data')
}

/** Starts a server and waits until it answers. */
export async function startMysql(options: MysqlOptions = {}): Promise<Mysql> {
  const { argv } = await program()
  const folder = mkdtempSync(join(tmpdir(), 'runner-mysql-'))
  const data = join(folder, 'data')
  cpSync(await emptyData(argv), data, { recursive: true })
  const first = join(folder, 'first.sql')
  writeFileSync(
    first,
    // not replicated: each server has its own, and a replica must not have transactions of its own
    `SET sql_log_bin = 0;\nCREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`,
  )
  const port = options.port ?? (await freePort())
  const [command, ...words] = argv
  const errors = openSync(join(folder, 'error.log'), 'a')
  const child = spawn(
    command as string,
    [
      ...words,
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--mysqlx=OFF',
      '--secure-file-priv=NULL',
      `--socket=${join(folder, 'sock')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${first}`,
      `--server-id=${options.id ?? 1}`,
      '--gtid-mode=ON',
      '--enforce-gtid-consistency=ON',
      '--skip-name-resolve',
      '--max-connections=500',
      '--innodb-buffer-pool-size=256M',
      '--innodb-flush-log-at-trx-commit=2',
      ...(options.log ? ['--general-log=ON', `--general-log-file=${join(folder, 'general.log')}`] : []),
      ...(options.options ?? []),
    ],
    { stdio: ['ignore', errors, errors] },
  )
  closeSync(errors)
  const connection = await answering(child, port, folder)
  return {
    port,
    user,
    password,
    folder,
    query: async (sql, values = []) => (await connection().query(sql, [...values]))[0] as Record<string, unknown>[],
    log: () => readFileSync(join(folder, 'general.log'), 'utf8'),
    signal: (name) => void child.kill(name),
    close: async () => {
      connection().destroy()
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function answering(child: ChildProcess, port: number, folder: string): Promise<() => Connection> {
  for (let left = 300; left > 0 && child.exitCode === null; left--) {
    try {
      const made = await createConnection({ host: '127.0.0.1', port, user, password })
      made.on('error', () => undefined)
      return () => made
    } catch {
      await sleep(200)
    }
  }
  child.kill('SIGKILL')
  throw new Error(`MySQL does not start:\n${readFileSync(join(folder, 'error.log'), 'utf8').slice(-2000)}`)
}
