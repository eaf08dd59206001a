import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect } from 'chai'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { startChromium, type Chromium } from '../lab/chromium.ts'
import { startMysql, type Mysql } from '../lab/databases/mysql.ts'
import { configOf, prepare, sharedFolder, startInstance, type Instance } from './site.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Two people in a real browser. With BOOKSTORE_SCREENSHOTS=docs/bookstore the pictures of the documentation are made anew. */
describe('two people in a browser', function () {
  this.timeout(10 * 60_000)
  let server: Mysql
  let site: Instance
  let browser: Chromium
  const shared = sharedFolder()
  const pictures = process.env['BOOKSTORE_SCREENSHOTS'] ?? join(shared.path, 'pictures')
  const complaints: string[] = []

  before(async () => {
    server = await startMysql()
    const config = configOf(server, { SHARED_FOLDER: shared.path })
    await prepare(config)
    site = await startInstance(config)
    browser = await startChromium()
    mkdirSync(pictures, { recursive: true })
  })
  after(async () => {
    await browser?.close()
    await site?.stop()
    await server?.close()
    shared.remove()
  })

  const open = async (person: BrowserContext, path = '/'): Promise<Page> => {
    const page = await person.newPage()
    // what a page was refused by its own policy, or could not load, is told on the console
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
    })
    await page.goto(site.origin + path)
    return page
  }
  /** Keeps a picture of the page and lets it be judged by axe. */
  const look = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    await page.evaluate(axe)
    const found = (await page.evaluate(
      `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' | ')))`,
    )) as string[]
    expect(found, name).to.deep.equal([])
  }
  const enrol = async (page: Page, name: string): Promise<void> => {
    await page.goto(`${site.origin}/register`)
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Email').fill(`${name.toLowerCase()}@example.com`)
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByLabel('Email').fill(`${name.toLowerCase()}@example.com`)
    await page.getByLabel('Password').fill('correct horse battery')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.waitForURL('**/book/catalog')
  }

  it('sell and buy a book, from the first page to the courier, and every page is accessible', async () => {
    const page = await open(await browser.person())
    await look(page, 'home')
    await page.getByRole('link', { name: 'Register' }).click()
    await look(page, 'register')
    await enrol(page, 'Sara')
    await look(page, 'catalog-empty')
    const books = [
      ['One Hundred Years of Solitude', 'Gabriel García Márquez', '19.99', '#7a2f1d'],
      ['The House of the Spirits', 'Isabel Allende', '14.50', '#23506b'],
      ['Ficciones', 'Jorge Luis Borges', '11.00', undefined],
      ['Pedro Páramo', 'Juan Rulfo', '9.90', undefined],
    ] as const
    for (const [title, author, price, colour] of books) {
      await page.goto(`${site.origin}/book/add_book`)
      await page.getByLabel('Title').fill(title)
      await page.getByLabel('Author').fill(author)
      await page.getByLabel('Description').fill('In good condition, read once.')
      await page.getByLabel('Price in $').fill(price)
      await page.getByLabel('Copies').fill('3')
      if (colour !== undefined) {
        const buffer = await sharp({ create: { width: 600, height: 900, channels: 3, background: colour } })
          .png()
          .toBuffer()
        await page.getByLabel('Cover picture').setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer })
      }
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText(`“${title}” is in the catalogue.`).waitFor()
    }
    await page.goto(`${site.origin}/book/my_books`)
    await look(page, 'my-books')
    await page.getByRole('link', { name: 'Edit: Ficciones' }).click()
    await look(page, 'edit')

    const other = await open(await browser.person())
    await enrol(other, 'Bruno')
    await look(other, 'catalog')
    await other.getByRole('link', { name: 'Ficciones' }).last().click()
    await look(other, 'book')
    await other.getByLabel('Quantity').fill('2')
    await other.getByRole('button', { name: 'Buy: Ficciones' }).click()
    await other.waitForURL('**/payment/*')
    await look(other, 'payment')
    await other.getByLabel('Payment method').selectOption('Bank Transfer')
    await other.getByRole('button', { name: 'Pay $22.00' }).click()
    await other.waitForURL('**/delivery/*')
    await look(other, 'delivery')
    await other.getByLabel('Courier').selectOption({ label: 'FedEx - Internacional - $45.00' })
    await other.getByRole('button', { name: 'Choose this courier' }).click()
    await other.getByText('The courier is chosen.').waitFor()
    await other.getByRole('link', { name: 'My purchases' }).click()
    await look(other, 'purchases')
    await other.getByRole('link', { name: /^Details/ }).click()
    await look(other, 'purchase')

    await page.getByRole('link', { name: 'My sales' }).click()
    await look(page, 'sales')
    await page.getByRole('button', { name: /^Sent/ }).click()
    await other.reload()
    await other.getByRole('button', { name: 'It has arrived' }).click()
    await other.getByText('Thank you: the order is closed.').waitFor()
    expect(complaints).to.deep.equal([])
  })

  it('read what went wrong beside the field, and find nothing to complain of there either', async () => {
    const page = await open(await browser.person(), '/login')
    await page.getByLabel('Email').fill('sara@example.com')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('The email or the password is wrong.').waitFor()
    await look(page, 'login-failed')
    await page.goto(`${site.origin}/nothing`)
    await look(page, 'not-found')
    await page.goto(`${site.origin}/api/v1/docs`)
    await look(page, 'api')
  })

  it('see the administrator’s page, a telephone’s, a dark and a Spanish one, and one without scripts', async () => {
    const admin = await open(await browser.person({ dark: true }), '/login')
    await admin.getByLabel('Email').fill('admin@example.com')
    await admin.getByLabel('Password').fill('the first administrator')
    await admin.getByRole('button', { name: 'Log in' }).click()
    await admin.goto(`${site.origin}/admin/users`)
    await look(admin, 'users-dark')
    await admin.goto(`${site.origin}/book/catalog`)
    await look(admin, 'catalog-dark')
    const phone = await open(await browser.person({ locale: 'es', width: 390 }), '/book/catalog')
    await look(phone, 'catalog-phone-es')
    const width = (await phone.evaluate('document.documentElement.scrollWidth')) as number
    expect(width).to.be.at.most(390)
    const plain = await open(await browser.person({ scripts: false }), '/book/catalog')
    await plain.getByLabel('Search by title or author').fill('allende')
    await plain.getByRole('button', { name: 'Search' }).click()
    expect(await plain.getByRole('heading', { level: 2 }).allTextContents()).to.deep.equal(['The House of the Spirits'])
  })

  it('reach on a telephone all that can be done with a book, however long its title, and are led to what is wrong in a form', async () => {
    const page = await open(await browser.person({ width: 375 }))
    await enrol(page, 'Pia')
    await page.goto(`${site.origin}/book/add_book`)
    // spaces are something for the browser, and nothing for the application
    for (const [label, text] of [
      ['Title', ' '],
      ['Author', 'A'],
      ['Price in $', '1234567.5'],
      ['Copies', '3'],
    ] as const)
      await page.getByLabel(label).fill(text)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('This is required.').waitFor()
    expect(await page.evaluate('document.activeElement.id')).to.equal('title')
    await look(page, 'wrong-phone')
    await page.getByLabel('Title').fill('Donaudampfschifffahrtsgesellschaftskapitän'.repeat(3))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.goto(`${site.origin}/book/my_books`)
    await look(page, 'my-books-phone')
    expect(await page.getByText('$1,234,567.50').count()).to.equal(1)
    for (const each of [page.getByRole('link', { name: /^Edit/ }), page.getByText('Delete', { exact: true }).first()]) {
      const box = await each.boundingBox()
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 375).to.equal(true)
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(375)
    expect(await page.evaluate('document.querySelector(".scroll").scrollWidth')).to.be.at.most(375)
  })
})
