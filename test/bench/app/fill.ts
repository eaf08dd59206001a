import type { Mysql } from '../../lab/databases/mysql.ts'

/** Words of the titles, by how many titles have one: each seventh, one in a thousand, and ten in all. */
const everySeventh = ['silent', 'golden', 'hidden', 'northern', 'burning', 'paper', 'distant']

/** As letters, since numbers would not be words: 0 → "baaa", 1 → "caaa". */
const letters = (number: string): string =>
  `concat(${[0, 1, 2, 3, 4].map((place) => `char(97 + (${number} div ${26 ** place}) % 26)`).join(', ')})`

/**
 * Fills the catalogue with so many books, in the server itself. The index of words is made afterwards, once: kept up to date row by row
 * it takes many times as long.
 */
export async function fill(server: Mysql, books: number): Promise<void> {
  const run = (sql: string): Promise<unknown> => server.query(sql)
  await run('use bookstore')
  await run('alter table book drop index book_search_index')
  await run(`insert into user (name, email, password, created_at) values ('Seller', 'seller@example.com', '-', now())`)
  const batch = Math.min(books, 50_000)
  await run('set session cte_max_recursion_depth = 100000')
  await run('create table number (n int unsigned primary key)')
  await run(
    `insert into number with recursive counted (n) as (select 0 union all select n + 1 from counted where n < ${batch - 1}) select n from counted`,
  )
  for (let from = 0; from < books; from += batch)
    await run(`insert into book (title, author, description, price, stock, seller_id, created_at)
      select concat(elt(1 + (n + ${from}) % 7, ${everySeventh.map((word) => `'${word}'`).join(', ')}),
          ' noun', ${letters(`((n + ${from}) * 7919 % 1000)`)}, ' rare', ${letters(`((n + ${from}) div 10)`)}),
        concat('Author ', ${letters(`((n + ${from}) * 104729 % 20000)`)}),
        'In good condition, read once.', 1 + (n + ${from}) * 31 % 9973 / 100, 3,
        (select max(id) from user), now() - interval (${books} - n - ${from}) second
      from number where n < ${books - from}`)
  await run('drop table number')
  await run('alter table book add fulltext index book_search_index (title, author)')
  await run('analyze table book')
}
