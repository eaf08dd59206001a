import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { readConfig, type MysqlConfig } from '../../app/config.ts'
import { makeSigner } from '../../app/http/signing.ts'
import { shownMoney } from '../../app/http/render.ts'
import { cents, decimal } from '../../app/orm/money.ts'
import { failureOf } from '../../app/orm/failures.ts'
import { makePassword } from '../../app/orm/password.ts'
import { beginning, hasWords, wordsIn } from '../../app/catalog/search.ts'

const strong = 'an7Xq2Lw9Zr4Tb6Yc8Vd1Ne3Mf5Kg0Hj'
const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-x'
const production = { NODE_ENV: 'production', DATABASE_HOST: 'writer', DATABASE_PASSWORD: 'x', SECRET_KEY: strong }

function faults(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}

describe('the configuration of the bookstore', () => {
  it('is complete in production and needs nothing in development', () => {
    expect(faults(production)).to.deep.equal([])
    expect(readConfig({}).database.kind).to.equal('embedded')
    expect(
      faults({ ...production, DATABASE_PASSWORD: '', DATABASE_SECRET: arn, SECRET_KEY: '', SECRET_KEY_SECRET: arn }),
    ).to.deep.equal([])
  })

  it('is refused with all that is wrong at once', () => {
    expect(faults({ NODE_ENV: 'production' })).to.deep.equal([
      'DATABASE_HOST is missing: the endpoint of the writer',
      'SECRET_KEY is missing: 32 random characters or more, the same on every instance',
    ])
    expect(faults({ NODE_ENV: 'staging', PORT: 'x', TRUST_PROXY: 'everybody', DATABASE_HOST: 'a b' })).to.have.length(5)
  })

  it('is refused with a weak secret', () => {
    for (const key of ['secretkey', 'x'.repeat(64), 'abcabcabcabcabcabcabcabcabcabcabcabc', 'short'])
      expect(faults({ ...production, SECRET_KEY: key }), key).to.have.length(1)
    expect(faults({ ...production, SECRET_KEY_PREVIOUS: 'old' })).to.have.length(1)
  })

  it('names readers by host and port, and encrypts to RDS', () => {
    const { database } = readConfig({
      ...production,
      DATABASE_HOST: 'bookstore.cluster-x.us-east-1.rds.amazonaws.com',
      DATABASE_READER_HOST: 'one, two:3307',
    })
    const { readers, tls } = database as MysqlConfig
    expect({ readers, tls }).to.deep.equal({
      readers: [
        { host: 'one', port: 3306 },
        { host: 'two', port: 3307 },
      ],
      tls: { by: 'rds', name: 'checked' },
    })
  })

  it('encrypts to RDS in China and with a port too, and to nobody who only is called so', () => {
    const tls = (host: string): unknown =>
      (readConfig({ ...production, DATABASE_HOST: host }).database as MysqlConfig).tls
    expect(tls('shop.abc.rds.cn-north-1.amazonaws.com.cn')).to.deep.equal({ by: 'rds', name: 'checked' })
    expect(tls('shop.abc.us-east-1.rds.amazonaws.com:3307')).to.deep.equal({ by: 'rds', name: 'checked' })
    expect(tls('rds.amazonaws.com.example')).to.equal('off')
  })

  it('is refused with certificates that are not there or are none', () => {
    const wrong = { ...production, DATABASE_TLS_CA: '/nowhere.pem' }
    expect(faults(wrong).join()).to.match(/^DATABASE_TLS_CA: ENOENT/)
    expect(faults({ ...wrong, DATABASE_TLS_CA: fileURLToPath(import.meta.url) }).join()).to.contain('no certificate')
    expect(faults({ ...wrong, DATABASE_TLS: 'off' })).to.have.length(2)
  })
})

describe('parts of the bookstore', () => {
  it('show money as it is written where the language is spoken', () => {
    const shown = [0, 5, 123456789, 999999999].map((each) => [shownMoney('en', each), shownMoney('es', each)])
    expect(shown).to.deep.equal([
      ['$0.00', '$0,00'],
      ['$0.05', '$0,05'],
      ['$1,234,567.89', '$1.234.567,89'],
      ['$9,999,999.99', '$9.999.999,99'],
    ])
  })

  it('reckon money in whole cents', () => {
    for (const [text, value] of [
      ['0', 0],
      ['12.5', 1250],
      ['0.01', 1],
      ['9999999999.99', 999_999_999_999],
      ['-3.10', -310],
    ] as const) {
      expect(cents(text)).to.equal(value)
      expect(cents(decimal(value))).to.equal(value)
    }
    for (const wrong of ['', '1e3', '1.234', 'inf', ' 1', '1,5']) expect(() => cents(wrong), wrong).to.throw(RangeError)
    expect(() => decimal(0.1 + 0.2)).to.throw(RangeError)
  })

  it('accept what was signed with the key before, and sign with the new one', async () => {
    const old = makeSigner({ keys: ['the old key'] })
    const rotated = makeSigner({ keys: ['the new key', 'the old key'] })
    expect(await rotated.verify('pin', 'text', await old.sign('pin', 'text'))).to.equal(true)
    expect(await old.verify('pin', 'text', await rotated.sign('pin', 'text'))).to.equal(false)
    expect(await old.verify('csrf', 'text', await old.sign('pin', 'text'))).to.equal(false)
    const derived = makeSigner({ secret: arn }, async (_arn, stage) =>
      stage === 'AWSPREVIOUS' ? 'the old key' : 'newer',
    )
    expect(await derived.verify('pin', 'text', await old.sign('pin', 'text'))).to.equal(true)
  })

  it('accept what an instance has signed that was started after the secret was rotated', async () => {
    let current = 'first'
    let clock = 0
    let reads = 0
    const read = async (_arn: string, stage = 'AWSCURRENT'): Promise<string> => {
      if (stage === 'AWSCURRENT') reads += 1
      return stage === 'AWSCURRENT' ? current : 'first'
    }
    const early = makeSigner({ secret: arn }, read, () => clock)
    const signed = await early.sign('csrf', 'text')
    current = 'second'
    const late = makeSigner({ secret: arn }, read, () => clock)
    expect(await late.verify('csrf', 'text', signed)).to.equal(true)
    const newer = await late.sign('csrf', 'text')
    clock += 20_000
    expect(await early.verify('csrf', 'text', newer)).to.equal(true)
    // a forged one does not make it ask again and again
    const before = reads
    for (let count = 0; count < 10; count++) expect(await early.verify('csrf', 'text', 'forged')).to.equal(false)
    expect(reads).to.equal(before)
    // and what cannot be read anew leaves what was known
    const broken = makeSigner(
      { secret: arn },
      async () => (clock < 30_000 ? current : await Promise.reject(new Error('no network'))),
      () => clock,
    )
    const good = await broken.sign('csrf', 'text')
    clock += 20_000
    expect(await broken.verify('csrf', 'text', 'forged')).to.equal(false)
    expect(await broken.verify('csrf', 'text', good)).to.equal(true)
  })

  it('read the password anew when the server has refused it, and once for all who wait', async () => {
    let reads = 0
    const password = makePassword({ secret: arn }, async () => `password ${++reads}`)
    expect(await Promise.all([password.now(), password.now()])).to.deep.equal(['password 1', 'password 1'])
    await new Promise((resolve) => setTimeout(resolve, 1050))
    await Promise.all([password.renew(), password.renew()])
    expect(await password.now()).to.equal('password 2')
    const broken = makePassword({ secret: arn }, async () => await Promise.reject(new Error('no network')))
    expect(failureOf(await broken.now().catch((error: unknown) => error))).to.equal('gone')
  })

  it('make of what people search for what an index of words can find', () => {
    const words = wordsIn('The  García-Márquez of +love*')
    expect(words).to.deep.equal(['garcía', 'márquez', 'love'])
    expect(wordsIn('it is')).to.deep.equal([])
    for (const text of ['Lovers, by GARCIA (Marquez)', 'garcía-márquez: beloved LOVE'])
      expect(hasWords(text, words), text).to.equal(true)
    for (const text of ['García Márquez, beloved', 'Garc Marquez love', 'love'])
      expect(hasWords(text, words), text).to.equal(false)
    expect(beginning('50%_\\')).to.equal('50\\%\\_\\\\%')
  })
})
