import { createConnection, createServer, type AddressInfo } from 'node:net'

/** A way to a port on which what the host says comes in one piece, when it has been silent for some milliseconds: as on a busy machine. */
export async function openLumped(port: number, silence = 60): Promise<{ readonly port: number; close(): void }> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = createConnection({ port, host: '127.0.0.1', noDelay: true })
    let lump: Buffer[] = []
    let timer: NodeJS.Timeout | undefined
    const pass = (): void => {
      near.write(Buffer.concat(lump))
      lump = []
    }
    near.pipe(far)
    far.on('data', (bytes) => {
      lump.push(bytes)
      clearTimeout(timer)
      timer = setTimeout(pass, silence)
    })
    far.on('close', () => {
      clearTimeout(timer)
      pass()
      near.end()
    })
    for (const side of [near, far]) side.on('error', () => side.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
