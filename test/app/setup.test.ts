import { MikroORM } from '@mikro-orm/mysql'
import { expect } from 'chai'
import { readConfig, type MysqlConfig } from '../../app/config.ts'
import { makeLog } from '../../app/http/log.ts'
import { entities } from '../../app/orm/entities.ts'
import { makePassword } from '../../app/orm/password.ts'
import { setUp } from '../../app/orm/setup.ts'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'

describe('bookstore setup', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  const log = makeLog({ logLevel: 'silent', instance: 'test' })
  const config = (name: string): MysqlConfig => {
    const { database } = readConfig({
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(server.port),
      DATABASE_USER: server.user,
      DATABASE_PASSWORD: server.password,
      DATABASE_NAME: name,
    })
    return database as MysqlConfig
  }
  const run = async (name: string, admin?: { email: string; password: string }): Promise<void> =>
    await setUp(config(name), admin, makePassword({ value: server.password }), log)

  before(async () => {
    server = await startMysql()
  })
  after(async () => await server?.close())

  it('creates database and tables and seeds once, though ten start at the same time', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () => run('ten', { email: 'admin@example.com', password: 'a long one indeed' })),
    )
    const [database] = await server.query(
      `select default_character_set_name as charset, default_collation_name as collation from information_schema.schemata where schema_name = 'ten'`,
    )
    expect(database).to.deep.equal({ charset: 'utf8mb4', collation: 'utf8mb4_unicode_ci' })
    expect(
      await server.query('select name, coverage_area as area, cost from ten.delivery_provider order by id'),
    ).to.deep.equal([
      { name: 'DHL', area: 'Internacional', cost: '50.00' },
      { name: 'FedEx', area: 'Internacional', cost: '45.00' },
      { name: 'Envia', area: 'Nacional', cost: '20.00' },
      { name: 'Servientrega', area: 'Nacional', cost: '15.00' },
    ])
    expect(await server.query('select email, role from ten.user')).to.deep.equal([
      { email: 'admin@example.com', role: 'ADMIN' },
    ])
    expect(await server.query('select count(*) as n from ten.mikro_orm_migrations')).to.deep.equal([{ n: 1 }])
  })

  it('changes nothing the second time', async () => {
    await run('twice')
    const before = await server.query('checksum table twice.delivery_provider, twice.mikro_orm_migrations')
    await run('twice')
    expect(await server.query('checksum table twice.delivery_provider, twice.mikro_orm_migrations')).to.deep.equal(
      before,
    )
  })

  it('leaves tables that are exactly those of the entities', async () => {
    await run('same')
    const orm = await MikroORM.init({
      entities: [...entities],
      dbName: 'same',
      host: '127.0.0.1',
      port: server.port,
      user: server.user,
      password: server.password,
      charset: 'utf8mb4',
      collate: 'utf8mb4_unicode_ci',
    })
    try {
      const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false, safe: false })
      // MySQL keeps the words of a list with their character set, so MikroORM takes these three for changed
      const listed = /^alter table .* constraint `(user_role|purchase_status|payment_method)_check`/
      expect(sql.split('\n').filter((line) => line !== '' && !listed.test(line))).to.deep.equal([])
    } finally {
      await orm.close(true)
    }
  })

  it('waits for a server that is away, and says so when it does not come', async () => {
    const away = { ...config('away'), writer: { host: '127.0.0.1', port: 1 }, setupPatience: 1 }
    const error = await setUp(away, undefined, makePassword({ value: 'x' }), log).catch((thrown: Error) => thrown)
    expect((error as Error).message).to.match(/127\.0\.0\.1:1 cannot be reached within 1 s/)
  })

  it('refuses a price, a stock and a quantity below zero in the database itself', async () => {
    await run('checks')
    await server.query(`insert into checks.user values (1, 'a', 'a@example.com', 'x', 'USER', now())`)
    const book = (price: number, stock: number): Promise<unknown> =>
      server.query(
        `insert into checks.book (title, author, price, stock, seller_id, created_at) values ('t', 'a', ?, ?, 1, now())`,
        [price, stock],
      )
    expect(await book(1, 1).then(() => 'taken')).to.equal('taken')
    for (const [price, stock] of [
      [-1, 1],
      [1, -1],
    ] as const)
      expect(await book(price, stock).catch((error: Error) => error.message)).to.match(/Check constraint/)
  })
})
