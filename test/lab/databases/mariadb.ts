import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from '../cache.ts'
import { missingParts } from '../docker.ts'
import { startServer, type Mysql, type MysqlOptions } from './server.ts'

/** A server of MariaDB and an initialised data folder, made once. */
export async function mariadbProgram(): Promise<string> {
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
  const root = join(await mariadbProgram(), 'root')
  const argv = [
    join(root, 'lib64/ld-linux-x86-64.so.2'),
    '--library-path',
    join(root, 'usr/lib/x86_64-linux-gnu'),
    join(root, 'usr/sbin/mariadbd'),
    '--no-defaults',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--basedir=${join(root, 'usr')}`,
    `--lc-messages-dir=${join(root, 'usr/share/mariadb')}`,
    `--character-sets-dir=${join(root, 'usr/share/mariadb/charsets')}`,
    '--log-bin',
    '--gtid-strict-mode=ON',
    '--innodb-buffer-pool-size=128M',
  ]
  return await startServer(argv, join(root, 'srv/data'), options)
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
