import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A DNS server whose records can be changed at any time; they last one second. */
export interface Dns {
  /** `address:port`. */
  readonly at: string
  /** Addresses of names. */
  readonly a: Map<string, readonly string[]>
  /** Texts of names. */
  readonly txt: Map<string, readonly string[]>
  close(): void
}

/** Answers questions for A and TXT (RFC 1035) at an address of this machine. */
export async function startDns(address: string): Promise<Dns> {
  const a = new Map<string, readonly string[]>()
  const txt = new Map<string, readonly string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    let end = 12
    const labels: string[] = []
    while (query[end] !== 0) {
      const length = query[end] ?? 0
      labels.push(query.toString('latin1', end + 1, end + 1 + length))
      end += length + 1
    }
    const name = labels.join('.').toLowerCase()
    const type = query.readUInt16BE(end + 1)
    const data =
      type === 1
        ? (a.get(name) ?? []).map((one) => Buffer.from(one.split('.').map(Number)))
        : type === 16
          ? (txt.get(name) ?? []).map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]))
          : []
    const header = Buffer.from(query.subarray(0, 12))
    // an answer with authority, recursion available, no error
    header.writeUInt16BE(0x8580, 2)
    for (const [at, count] of [1, data.length, 0, 0].entries()) header.writeUInt16BE(count, 4 + 2 * at)
    const records = data.map((bytes) => {
      // the name is that of the question; class IN, one second
      const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 1, 0, 0])
      record.writeUInt16BE(bytes.length, 10)
      return Buffer.concat([record, bytes])
    })
    socket.send(Buffer.concat([header, query.subarray(12, end + 5), ...records]), from.port, from.address)
  })
  socket.bind(0, address)
  await once(socket, 'listening')
  return { at: `${address}:${socket.address().port}`, a, txt, close: () => socket.close() }
}
