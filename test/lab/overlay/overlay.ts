import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeRules } from './rules.ts'
import type { Answer, Call } from './rule.ts'

export interface Overlay {
  readonly endpoint: string
  /** Calls that came in, by `service:Operation`. */
  calls(): Readonly<Record<string, number>>
  /** Those that write. */
  writes(): Readonly<Record<string, number>>
  clear(): void
  reset(): void
  close(): Promise<void>
}

/** A server before the emulator that knows what AWS does and the emulator does not, and counts what it is asked. */
export async function startOverlay(port: number): Promise<Overlay> {
  const counts = new Map<string, number>()
  const rules = makeRules()
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await bodyOf(incoming)
      const call = callOf(incoming, body)
      const name = `${call.service}:${call.operation}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
      const own = rules.filter((rule) => rule.operations.includes(name))
      let answer = own.map((rule) => rule.answer?.(call)).find((one) => one !== undefined)
      if (!answer) {
        const asked = own.reduce(
          (text, rule) => rule.ask?.({ ...call, body: text, parameters: new URLSearchParams(text) }) ?? text,
          body.toString('utf8'),
        )
        answer = await forward(port, incoming, own.some((rule) => rule.ask) ? Buffer.from(asked) : body)
        for (const rule of own) answer = rule.amend?.(call, answer) ?? answer
      }
      outgoing.writeHead(answer.status, { 'content-type': answer.type, 'x-amzn-requestid': 'lab' })
      outgoing.end(answer.body)
    })().catch((error: unknown) => {
      outgoing.writeHead(502)
      outgoing.end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const table = (keep: (name: string) => boolean): Record<string, number> =>
    Object.fromEntries([...counts].filter(([name]) => keep(name)).toSorted())
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => table(() => true),
    writes: () => table((name) => !/:(Describe|Get|List)/.test(name)),
    clear: () => counts.clear(),
    reset: () => {
      for (const rule of rules) rule.reset?.()
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The service is named in the signature's scope, the operation by the protocol: query, JSON or REST. */
function callOf(incoming: IncomingMessage, body: Buffer): Call {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? 'unknown'
  const short: Record<string, string> = { elasticloadbalancing: 'elb', elasticfilesystem: 'efs' }
  const text = body.toString('utf8')
  const parameters = new URLSearchParams(service === 'elasticfilesystem' ? '' : text)
  const target = incoming.headers['x-amz-target']
  const operation =
    parameters.get('Action') ??
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    restOperation(incoming)
  return { service: short[service] ?? service, operation, parameters, body: text }
}

/** EFS speaks REST: the method and the kind of thing in the path. */
function restOperation({ method = 'GET', url = '/' }: IncomingMessage): string {
  const verb = { GET: 'Describe', POST: 'Create', PUT: 'Modify', DELETE: 'Delete' }[method] ?? method
  const kind = /\/\d{4}-\d\d-\d\d\/([a-z-]+)/.exec(url)?.[1] ?? 'unknown'
  return `${verb}${kind
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`
}

async function forward(port: number, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { 'content-length': _length, connection: _connection, ...headers } = incoming.headers
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: incoming.method,
    path: incoming.url,
    headers: { ...headers, 'content-length': body.length },
  })
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return {
    status: answer.statusCode ?? 502,
    type: answer.headers['content-type'] ?? 'text/xml',
    body: (await bodyOf(answer)).toString('utf8'),
  }
}
