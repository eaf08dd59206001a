import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { makeAws } from '../../../runner/connections/aws.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { Secret } from '../../../runner/secret.ts'
import { failureOf, makeObject } from '../aws/object.ts'

const token = 'a7c4d0ad-114e-40ef-ba1d-d217904a50f2'
const records = new Map<string, string>()
const asked: string[] = []
let trouble = 0
let api: Server
let dns: Socket
let places: Values

function update(said: URLSearchParams): string {
  if (said.get('token') !== token || said.get('domains') !== 'books') return 'KO'
  const clear = said.get('clear') === 'true'
  const [ip, ipv6, txt] = ['ip', 'ipv6', 'txt'].map((name) => said.get(name))
  const wanted = txt
    ? [['TXT', txt]]
    : clear
      ? [['A'], ['AAAA']]
      : [
          ['A', ip],
          ['AAAA', ipv6],
        ].filter(([, value]) => value)
  const before = JSON.stringify([...records])
  for (const [type = '', value] of wanted) {
    if (clear) records.delete(type as string)
    else records.set(type as string, value as string)
  }
  return `OK\n${records.get('A') ?? ''}\n${records.get('AAAA') ?? ''}\n${before === JSON.stringify([...records]) ? 'NOCHANGE' : 'UPDATED'}`
}

const types: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA', 16: 'TXT' }

function answerTo(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5
  const type = question.readUInt16BE(end - 4)
  const value = records.get(types[type] ?? '')
  const header = Buffer.from(question.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(value === undefined ? 0 : 1, 6)
  header.writeUInt16BE(0, 8)
  header.writeUInt16BE(0, 10)
  const head = Buffer.concat([header, question.subarray(12, end)])
  if (value === undefined) return head
  const data = dataOf(type, value)
  const resource = Buffer.alloc(12)
  resource.writeUInt16BE(0xc00c, 0)
  resource.writeUInt16BE(type, 2)
  resource.writeUInt16BE(1, 4)
  resource.writeUInt32BE(60, 6)
  resource.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, resource, data])
}

function dataOf(type: number, value: string): Buffer {
  if (type === 1) return Buffer.from(value.split('.').map(Number))
  if (type === 16) return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
  const [front = '', back = ''] = value.split('::')
  const words = (text: string): number[] =>
    text
      .split(':')
      .filter(Boolean)
      .map((word) => Number.parseInt(word, 16))
  const [left, right] = [words(front), words(back)]
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 255]))
}

const aws = makeAws({
  playbook: 'bookstore',
  concurrency: 8,
  signal: new AbortController().signal,
  sleep: () => sleep(5),
  clock: () => Date.now(),
  wanted: () => [],
})
// no region, no credentials: what is not AWS needs none
const clouds = async (name: string) => await aws.cloud({}, { name, status: () => undefined })
const wish = (more: Values): Values => ({ domain: 'books', token: new Secret(token), ...places, ...more })

describe('duckdns.record, against its protocol', () => {
  /** The API as duckdns.org/spec.jsp describes it, and a name server (RFC 1035) that answers what was told to it. */
  before(async () => {
    api = createServer((request, response) => {
      const { pathname, searchParams: said } = new URL(request.url ?? '', 'http://duck')
      asked.push(String(request.url))
      if (trouble-- > 0) return void response.writeHead(503).end()
      response.end(pathname === '/update' ? update(said) : 'KO')
    })
    api.listen(0, '127.0.0.1')
    await once(api, 'listening')
    dns = createSocket('udp4')
    dns.on('message', (question, from) => dns.send(answerTo(question), from.port, from.address))
    dns.bind(0, '127.0.0.1')
    await once(dns, 'listening')
    places = {
      endpoint: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      resolver: `127.0.0.1:${dns.address().port}`,
    }
  })
  after(() => {
    api.close()
    dns.close()
  })

  it('sets addresses and text, sees what others changed, and clears them', async () => {
    const record = await makeObject(clouds, 'duckdns.record', wish({ ipv4: '192.0.2.1' }))
    expect(await record.outputs()).to.deep.equal({ name: 'books.duckdns.org' })
    await record.becomes(wish({ ipv4: '192.0.2.2' }), 'update')
    await record.becomes(wish({ ipv4: '192.0.2.2', ipv6: '2001:DB8::1' }), 'update')
    await record.becomes(wish({ ipv4: '192.0.2.2', ipv6: '2001:db8::1', txt: 'proof' }), 'update')
    expect(Object.fromEntries(records)).to.deep.include({ A: '192.0.2.2', TXT: 'proof' })
    records.set('A', '203.0.113.9')
    await record.putsBack('ipv4')
    trouble = 2
    await record.becomes(wish({ ipv4: '192.0.2.3', ipv6: '2001:db8::1', txt: 'proof' }), 'update')
    await record.goes()
    expect([...records]).to.deep.equal([])
  })

  it('takes KO for a refusal though it comes as HTTP 200, and says neither token nor address', async () => {
    const wrong = { ...wish({ ipv4: '192.0.2.1' }), domain: 'others' }
    const failure = await failureOf(makeObject(clouds, 'duckdns.record', wrong))
    expect(failure.message).to.contain('refuses to change others.duckdns.org')
    expect(everythingOf(failure)).to.not.contain(token)
  })

  it('says no token when nobody answers', async () => {
    const nobody = { ...wish({ ipv4: '192.0.2.1' }), endpoint: 'http://127.0.0.1:9' }
    const quick = makeAws({
      playbook: 'bookstore',
      concurrency: 1,
      signal: new AbortController().signal,
      sleep: () => sleep(1),
      // an hour at each look
      clock: (() => {
        let now = 0
        return () => (now += 3_600_000)
      })(),
      wanted: () => [],
    })
    const failure = await failureOf(
      makeObject(async (name) => await quick.cloud({}, { name, status: () => undefined }), 'duckdns.record', nobody),
    )
    expect(failure.message).to.contain('DuckDNS to answer')
    expect(everythingOf(failure)).to.not.contain(token)
  })

  it('has put the token into every call, and into nothing else', () => {
    expect(asked.length).to.be.greaterThan(5)
    expect(asked.every((url) => url.includes('token='))).to.equal(true)
  })
})

/** An error as the most talkative of printers would show it. */
function everythingOf(error: Error): string {
  const { cause, stack = '' } = error
  return [
    stack,
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    cause instanceof Error ? everythingOf(cause) : '',
  ].join('\n')
}
