import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { Answer, Call } from './rule.ts'

/** Asks the emulator itself. */
export async function forward(port: number, call: Call): Promise<Answer> {
  const { 'content-length': _length, connection: _connection, host: _host, ...headers } = call.headers
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: call.method,
    path: call.path,
    headers: { ...headers, 'content-length': Buffer.byteLength(call.body) },
  })
  outgoing.end(call.body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  const errorType = answer.headers['x-amzn-errortype']
  return {
    status: answer.statusCode ?? 502,
    type: answer.headers['content-type'] ?? 'text/xml',
    body: await bodyOf(answer),
    ...(typeof errorType === 'string' && { headers: { 'x-amzn-errortype': errorType } }),
  }
}

export async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
