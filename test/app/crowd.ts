import { expect } from 'chai'
import type { Mysql } from '../lab/databases/mysql.ts'
import { openBrowser, unescape } from './browser.ts'

/**
 * Twelve thousand books: the first half by title has one word, the second another, which so many have that not all of them are put in order;
 * three of these have a third word.
 */
export async function addCrowd(server: Mysql): Promise<void> {
  await server.query(`insert into bookstore.user (name, email, password, created_at)
    values ('Crowd', 'crowd@example.com', '-', now())`)
  const below = (n: number): string =>
    `(${Array.from({ length: n }, (_, i) => `select ${i} as d`).join(' union all ')})`
  await server.query(`insert into bookstore.book (title, author, price, stock, seller_id, created_at)
    select concat(if(n < 6000, 'Aardvarks ', 'Zebras '), lpad(n, 5, '0'), if(n in (6001, 8000, 11999), ' quaggas', '')),
      'Crowd', 1, 1, (select id from bookstore.user where email = 'crowd@example.com'), now()
    from (select a.d + 10 * b.d + 100 * c.d + 1000 * e.d as n
      from ${below(10)} a join ${below(10)} b join ${below(10)} c join ${below(12)} e) numbers`)
}

/** What whoever searches it finds, in the order of the titles. */
export async function searchCrowd(origin: string): Promise<void> {
  const visitor = openBrowser(origin)
  const ask = async (query: Record<string, string>): Promise<{ titles: string[]; more?: string; partly: boolean }> => {
    const { status, text } = await visitor.get(`/book/catalog?${new URLSearchParams({ sort: 'title', ...query })}`)
    expect(status).to.equal(200)
    const titles = [...text.matchAll(/<h2><a [^>]*>([^<]*)</g)].map(([, title = '']) => title)
    const more = /<a class="button" href="\/book\/catalog\?([^"]*)"/.exec(text)?.[1]
    return { titles, partly: text.includes('looked through'), ...(more !== undefined && { more: unescape(more) }) }
  }
  const early = await ask({ q: 'aardv' })
  expect([early.titles[0], early.titles.length, early.partly]).to.deep.equal(['Aardvarks 00000', 24, false])

  const late = await ask({ q: 'zebras' })
  expect([late.titles.length, late.partly]).to.deep.equal([24, true])
  expect(late.titles).to.deep.equal(late.titles.toSorted())
  const next = await ask(Object.fromEntries(new URLSearchParams(late.more)))
  expect(next.titles).to.have.length(24)
  expect((next.titles[0] as string) > (late.titles.at(-1) as string)).to.equal(true)

  // a word that few have leads to all of them
  const both = await ask({ q: 'zebras quaggas' })
  expect(both).to.deep.equal({
    titles: ['Zebras 06001 quaggas', 'Zebras 08000 quaggas', 'Zebras 11999 quaggas'],
    partly: false,
  })
  expect((await ask({ q: 'zebras nowhere' })).titles).to.deep.equal([])
}
