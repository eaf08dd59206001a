import { connect } from 'node:net'

export interface Sent {
  readonly status: number
  readonly head: string
  /** What came behind the head. */
  readonly body: string
  /** Bytes of the body that were sent before the answer was there. */
  readonly sent: number
}

/**
 * Sends a request with a body of so many bytes, piece by piece on a plain connection. `stubborn`: sends on to the end whatever is answered
 * meanwhile, as browsers do; else it stops with the answer.
 */
export async function sendBig(
  origin: string,
  line: string,
  headers: readonly string[],
  size: number,
  options: { readonly stubborn?: boolean; readonly chunked?: boolean; readonly start?: string } = {},
): Promise<Sent> {
  const { hostname, port } = new URL(origin)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.setMaxListeners(0)
  let answer = ''
  const over = (): boolean => socket.closed
  socket.on('data', (data) => (answer += data.toString('latin1')))
  // a server that breaks the connection in the middle: what has come until then counts
  socket.on('error', () => undefined)
  const length = options.chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`
  socket.write(`${line} HTTP/1.1\r\nHost: ${hostname}\r\n${length}\r\n${headers.join('\r\n')}\r\n\r\n`)
  const expects = headers.some((each) => /^expect:/i.test(each))
  const final = (): string => answer.replace(/^HTTP\/1\.1 100 [^]*?\r\n\r\n/, '')
  const answered = (): boolean => final().includes('\r\n\r\n')
  const any = (...events: readonly string[]): Promise<unknown> =>
    Promise.race([...events, 'close'].map((event) => new Promise((resolve) => socket.once(event, resolve))))
  const heard = (): boolean => answer !== ''
  if (expects) while (!heard() && !over()) await any('data')
  let sent = 0
  const begin = Buffer.from(options.start ?? '')
  const piece = Buffer.alloc(64 * 1024, 'x')
  while (!over() && sent < size && (options.stubborn || !answered())) {
    const next = sent === 0 && begin.length > 0 ? begin : piece.subarray(0, Math.min(piece.length, size - sent))
    sent += next.length
    const framed = options.chunked ? [`${next.length.toString(16)}\r\n`, next, '\r\n'] : [next]
    const flowing = framed.map((each) => socket.write(each)).at(-1)
    if (!flowing) await any('drain', ...(options.stubborn ? [] : ['data']))
    else await new Promise((resolve) => setImmediate(resolve))
  }
  if (options.chunked && sent >= size && !over()) socket.write('0\r\n\r\n')
  while (!answered() && !over()) await any('data')
  socket.end()
  if (!over()) await any()
  socket.destroy()
  const [head = '', ...rest] = final().split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n'), sent }
}
