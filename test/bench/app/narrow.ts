import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server on which one statement at a time goes through, each taking so many milliseconds: a server of a known, small capacity. */
export async function narrowWay(
  target: number,
  milliseconds: number,
): Promise<{ readonly port: number; close(): void }> {
  const open = new Set<Socket>()
  let turn: Promise<void> = Promise.resolve()
  const server = createServer((from) => {
    const to = connect(target, '127.0.0.1')
    // a client of MySQL sends nothing more until it is answered, so what arrives at once is one statement
    from.on('data', (data) => {
      turn = turn.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        to.write(data)
      })
    })
    to.pipe(from)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(one)
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          open.delete(one)
          other.destroy()
        })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
