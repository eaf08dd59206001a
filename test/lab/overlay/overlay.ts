import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callFor, callOf } from './call.ts'
import { bodyOf, forward } from './forward.ts'
import { requestFaults } from './model/request.ts'
import type { Models } from './model/service.ts'
import { makeTroubles, type Troubles } from './trouble.ts'
import { refusal, type Answer, type Call, type Question, type Rule } from './rule.ts'

export interface Overlay {
  readonly endpoint: string
  /** Calls that came in, by `service:Operation`. */
  calls(): Readonly<Record<string, number>>
  /** Those that write. */
  writes(): Readonly<Record<string, number>>
  /** What AWS's own models have against requests that came in, each once; asking forgets them. */
  faults(): readonly string[]
  /** What goes wrong on purpose. */
  readonly troubles: Troubles
  clear(): void
  reset(): void
  /** Throws when a request was not as AWS's models want it. */
  close(): Promise<void>
}

/** A server before the emulator that knows what AWS does and the emulator does not, and counts what it is asked. */
export async function startOverlay(port: number, models: Models, rules: readonly Rule[]): Promise<Overlay> {
  const counts = new Map<string, number>()
  const troubles = makeTroubles()
  let faults = new Set<string>()
  const serve = async (call: Call): Promise<Answer> => {
    const ask = async (question: Question): Promise<Answer> => await serve(callFor(models, question, call))
    const own = rules.filter((rule) => rule.operations.includes(`${call.service}:${call.operation}`))
    const from = async (index: number, now: Call): Promise<Answer> => {
      const next = async (changed: Call = now): Promise<Answer> => await from(index + 1, changed)
      return (await own[index]?.handle(now, next, ask)) ?? (await forward(port, now))
    }
    return await from(0, call)
  }
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const call = callOf(models, incoming, await bodyOf(incoming))
      const name = `${call.service}:${call.operation}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
      const wrong = requestFaults(models, call).map((fault) => `${name}: ${fault}`)
      for (const fault of wrong) faults.add(fault)
      const answer =
        wrong.length > 0
          ? refusal(call, 'ValidationError', `not valid for AWS: ${wrong.join('; ')}`)
          : await troubles.meet(call, () => serve(call))
      if (answer === 'cut') return void outgoing.destroy()
      outgoing.writeHead(answer.status, { 'content-type': answer.type, 'x-amzn-requestid': 'lab', ...answer.headers })
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
    faults: () => {
      const found = [...faults]
      faults = new Set()
      return found
    },
    troubles,
    clear: () => counts.clear(),
    reset: () => {
      for (const rule of rules) rule.reset?.()
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      if (faults.size > 0) throw new Error(`requests that AWS would not take:\n${[...faults].join('\n')}`)
    },
  }
}
