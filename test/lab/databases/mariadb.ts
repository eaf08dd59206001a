import { spawn } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from '../cache.ts'
import { missingParts } from '../docker.ts'
import { freePort } from '../free-port.ts'
import { answering, password, user, type Mysql, type MysqlOptions } from './mysql.ts'

/** A server of MariaDB and an initialised data folder, made once. */
async function program(): Promise<string> {
  const recipe = { suite: 'trixie', include: 'mariadb-server-core,mariadb-client-core', version: 1 }
  return await cached('mariadb', recipe, async (target) => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    const root = join(target, 'root')
    await execa('mmdebstrap', ['--quiet', '--variant=apt', `--include=${recipe.include}`, recipe.suite, root])
    await execa('chroot', [
      root,
      'mariadb-install-db',
      '--force',
      '--user=root',
      '--datadir=/srv/data',
      '--skip-test-db',
    ])
  })
}

/** Starts a server of MariaDB and waits until it answers. */
export async function startMariadb(options: MysqlOptions = {}): Promise<Mysql> {
  const root = join(await program(), 'root')
  const folder = mkdtempSync(join(tmpdir(), 'runner-mariadb-'))
  cpSync(join(root, 'srv/data'), join(folder, 'data'), { recursive: true })
  const first = join(folder, 'first.sql')
  writeFileSync(
    first,
    `SET sql_log_bin = 0;\nCREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`,
  )
  const port = options.port ?? (await freePort())
  const errors = openSync(join(folder, 'error.log'), 'a')
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  const child = spawn(
    join(root, 'lib64/ld-linux-x86-64.so.2'),
    [
      '--library-path',
      libraries,
      join(root, 'usr/sbin/mariadbd'),
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--basedir=${join(root, 'usr')}`,
      `--lc-messages-dir=${join(root, 'usr/share/mariadb')}`,
      `--character-sets-dir=${join(root, 'usr/share/mariadb/charsets')}`,
      `--datadir=${join(folder, 'data')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'sock')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--init-file=${first}`,
      `--server-id=${options.id ?? 1}`,
      '--log-bin',
      '--gtid-strict-mode=ON',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=128M',
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

/** Makes a server a reader of another: by the positions of MariaDB, as many seconds late as asked for. */
export async function replicateMariadb(reader: Mysql, writer: Mysql, delay = 0): Promise<void> {
  await reader.query(
    `change master to master_host = '127.0.0.1', master_port = ?, master_user = ?, master_password = ?,
       master_use_gtid = slave_pos, master_connect_retry = 1, master_delay = ?, master_ssl = 0`,
    [writer.port, writer.user, writer.password, delay],
  )
  await reader.query('start slave')
}
