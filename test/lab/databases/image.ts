import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from '../cache.ts'
import { imported, missingParts, type Engine } from '../docker.ts'

/**
 * What the official image does before the server starts for good, as far as files for Compose rely on it: a first server at a socket only;
 * root is made out of the binary log, the user and the database are not; then the statements of docker-entrypoint-initdb.d.
 */
const entry = `#!/bin/bash
set -eo pipefail
if [ "\${1:0:1}" = - ]; then set -- mysqld "$@"; fi
if [ "$1" != mysqld ]; then exec "$@"; fi
set -- "$@" --user=mysql --secure-file-priv=NULL
install -d -o mysql /run/mysqld
if [ ! -d /var/lib/mysql/mysql ]; then
  chown mysql: /var/lib/mysql
  "$@" --initialize-insecure
  "$@" --daemonize --skip-networking --log-error=/var/lib/mysql/first.err
  password=
  run() { MYSQL_PWD="$password" mysql --user=root "$@"; }
  run <<SQL
SET @@SESSION.SQL_LOG_BIN=0;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
CREATE USER 'root'@'%' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
SQL
  password=$MYSQL_ROOT_PASSWORD
  if [ -n "$MYSQL_DATABASE" ]; then run --execute "CREATE DATABASE IF NOT EXISTS \\\`$MYSQL_DATABASE\\\`"; fi
  if [ -n "$MYSQL_USER" ]; then
    run --execute "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD'; GRANT ALL ON \\\`$MYSQL_DATABASE\\\`.* TO '$MYSQL_USER'@'%'"
  fi
  for file in /docker-entrypoint-initdb.d/*.sql; do if [ -e "$file" ]; then run <"$file"; fi; done
  MYSQL_PWD=$password mysqladmin --user=root shutdown
fi
exec "$@"
`

/** The image of a name like `mysql:8.4` without a registry: Debian's MySQL, which is a later version. Only the lab's engine has it. */
export async function mysqlImage(engine: Engine, name: string): Promise<void> {
  const recipe = { suite: 'sid', include: 'mysql-server-core,mysql-client-core', entry }
  const folder = await cached('mysql-image', recipe, async (target) => {
    const missing = await missingParts()
    if (missing !== undefined) throw new Error(missing)
    const file = join(target, 'entry.sh')
    writeFileSync(file, entry)
    const hooks = [
      'useradd --root "$1" --system --home-dir /var/lib/mysql mysql',
      'install -d -m 0755 "$1/docker-entrypoint-initdb.d" "$1/var/lib/mysql"',
      `upload ${file} /entry.sh`,
      'chmod 755 "$1/entry.sh"',
    ]
    await execa('mmdebstrap', [
      '--quiet',
      '--variant=minbase',
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${recipe.include}`,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      recipe.suite,
      join(target, 'mysql-image.tar'),
    ])
  })
  const image = await imported(
    engine,
    join(folder, 'mysql-image.tar'),
    'runner-lab-mysql',
    'ENTRYPOINT ["/entry.sh"]',
    'CMD ["mysqld"]',
    'VOLUME /var/lib/mysql',
  )
  await engine.docker('tag', image, name)
}
