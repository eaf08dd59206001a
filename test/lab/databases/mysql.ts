import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from '../cache.ts'
import { missingParts } from '../docker.ts'
import { startServer, type Mysql, type MysqlOptions } from './server.ts'

export type { Mysql, MysqlOptions }

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

/** Makes what a server needs, if it is not there yet. */
export async function prepareMysql(): Promise<void> {
  await emptyData((await program()).argv)
}

/** Starts a server of MySQL, GTIDs on, and waits until it answers. */
export async function startMysql(options: MysqlOptions = {}): Promise<Mysql> {
  const { argv } = await program()
  const settings = [
    '--mysqlx=OFF',
    '--secure-file-priv=NULL',
    '--gtid-mode=ON',
    '--enforce-gtid-consistency=ON',
    '--max-connections=500',
    '--innodb-buffer-pool-size=256M',
    '--innodb-flush-log-at-trx-commit=2',
  ]
  return await startServer([...argv, ...settings], await emptyData(argv), options)
}
