import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, type Config, type MysqlConfig } from '../../app/config.ts'
import { makeLog } from '../../app/http/log.ts'
import { makePassword } from '../../app/orm/password.ts'
import { setUp } from '../../app/orm/setup.ts'
import { start, type Running } from '../../app/start.ts'
import type { Mysql } from '../lab/databases/mysql.ts'
import { openBrowser, type Browser } from './browser.ts'

/** One instance of the bookstore, in this process, on a port of its own. */
export interface Instance extends Running {
  readonly origin: string
}

/** A folder that the instances of a test share, as they share a file system in production. */
export function sharedFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bookstore-shared-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function configOf(writer: Mysql, env: Readonly<Record<string, string>> = {}): Config {
  return readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(writer.port),
    DATABASE_USER: writer.user,
    DATABASE_PASSWORD: writer.password,
    SECRET_KEY: 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj',
    LIMIT_LOGINS_PER_MINUTE: '10000',
    LIMIT_WRITES_PER_MINUTE: '10000',
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: 'the first administrator',
    ...env,
  })
}

/** What `bookstore setup` does. */
export async function prepare(config: Config): Promise<void> {
  const database = config.database as MysqlConfig
  await setUp(database, config.admin, makePassword(database.password), makeLog(config))
}

export async function startInstance(config: Config): Promise<Instance> {
  const running = await start(config)
  return { ...running, origin: `http://127.0.0.1:${running.port}` }
}

let people = 0

/** Somebody who has registered and logged in. */
export async function newcomer(
  origin: string | (() => string),
  name = 'Ana',
): Promise<Browser & { readonly email: string }> {
  const browser = openBrowser(origin)
  const email = `${name.toLowerCase()}-${process.pid}-${++people}@example.com`
  await browser.get('/register')
  const registered = await browser.submit('/register', { name, email, password: 'correct horse battery' })
  if (registered.status !== 302) throw new Error(`registering: ${registered.status} ${registered.text}`)
  await logIn(browser, email, 'correct horse battery')
  return { ...browser, email }
}

export async function logIn(browser: Browser, email: string, password: string): Promise<void> {
  await browser.get('/login')
  const page = await browser.submit('/login', { email, password })
  if (page.status !== 302) throw new Error(`logging in: ${page.status} ${page.text}`)
}

export interface BookValues {
  readonly title: string
  readonly author?: string
  readonly description?: string
  readonly price?: string
  readonly stock?: string
}

/** Adds a book and returns its number. */
export async function offer(seller: Browser, book: BookValues): Promise<number> {
  await seller.get('/book/add_book')
  const added = await seller.submit('/book/add_book', { author: 'Somebody', price: '12.50', stock: '3', ...book })
  if (added.status !== 302) throw new Error(`adding a book: ${added.status} ${added.text}`)
  const mine = await seller.get('/book/my_books')
  const id = new RegExp(`/book/(\\d+)">${book.title}<`).exec(mine.text)?.[1]
  if (id === undefined) throw new Error(`${book.title} is not among my books: ${mine.text}`)
  return Number(id)
}
