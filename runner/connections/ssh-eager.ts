import type { Client, ParsedKey } from 'ssh2'

/** What ssh2 keeps inside and does not offer; where a release has it no more, all works as before, some round trips slower. */
interface Inside {
  readonly _protocol?: Protocol
  readonly _callbacks?: (() => void)[]
}
interface Protocol {
  authPK?: Offer
  readonly _handlers?: { GLOBAL_REQUEST?: Answer; SERVICE_ACCEPT?: Accept }
  readonly _packetRW?: {
    readonly write: { readonly allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer }
  }
  readonly _cipher?: { encrypt(packet: Buffer): void }
  ping?(): void
}
type Accept = (protocol: unknown, name: string) => void
type Sign = (data: Buffer, done: (signature: Buffer) => void) => void
type Offer = (user: string, key: ParsedKey, algorithm: unknown, sign?: Sign) => void
type Answer = (protocol: unknown, name: string, wantReply: boolean, data: unknown) => void

/** Makes a client that is about to connect leave out what it need not ask. `atOnce`: its first key can be used without hearing more of the server. */
export function hurry(client: Client, atOnce: boolean): void {
  const protocol = (client as unknown as Inside)._protocol
  const { authPK: offer, _handlers: handlers } = protocol ?? {}
  if (protocol && offer) protocol.authPK = signingAtOnce(offer.bind(protocol))
  if (atOnce && protocol && handlers?.SERVICE_ACCEPT) loggingInAtOnce(client, protocol, handlers.SERVICE_ACCEPT)
  if (handlers?.GLOBAL_REQUEST) handlers.GLOBAL_REQUEST = heedingNoKeys(client, handlers.GLOBAL_REQUEST)
}

/**
 * Signs with the first offer of a key instead of asking whether it would be accepted (RFC 4252, section 7: the question is
 * optional). A key that the server does not take costs a signature for nothing.
 */
function signingAtOnce(offer: Offer): Offer {
  return (user, key, algorithm, sign) => {
    const hash = algorithm === 'rsa-sha2-256' ? 'sha256' : algorithm === 'rsa-sha2-512' ? 'sha512' : undefined
    // those of an agent sign elsewhere, maybe by a touch: only what will be accepted is asked for
    const own: Sign | undefined = key.isPrivateKey() ? (data, done) => done(key.sign(data, hash)) : undefined
    offer(user, key, algorithm, sign ?? own)
  }
}

/**
 * Logs in right behind asking whether one may (RFC 4253, section 10). The server says yes to that first, and holds back what comes of the
 * log-in until the yes is received (RFC 896): something to ignore (section 11.2) carries the receipt.
 */
function loggingInAtOnce(client: Client, protocol: Protocol, accepted: Accept): void {
  const { _packetRW: packets, _handlers: handlers } = protocol
  if (!packets || !handlers) return
  client.once('handshake', () => {
    handlers.SERVICE_ACCEPT = () => {
      handlers.SERVICE_ACCEPT = accepted
      const at = packets.write.allocStart
      const packet = packets.write.alloc(5)
      packet.fill(0, at)
      packet[at] = 2
      protocol._cipher?.encrypt(packets.write.finalize(packet))
    }
    // behind the question, and behind all that came with the server's keys
    queueMicrotask(() => accepted(protocol, 'ssh-userauth'))
  })
}

/**
 * OpenSSH's server tells of its other host keys, which ssh2 has proven before it goes on, and nobody here wants. Until that is received
 * the server holds back what comes next (RFC 896), and the receipt waits for something to travel with (RFC 1122, 4.2.3.2): a ping,
 * unless the log-in was told together with them: then what is asked first carries it.
 */
function heedingNoKeys(client: Client, answer: Answer): Answer {
  const { _protocol: protocol, _callbacks: callbacks } = client as unknown as Inside
  let together = false
  client.once('ready', () => {
    together = true
    setImmediate(() => (together = false))
  })
  return (sender, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com' || wantReply) return answer(sender, name, wantReply, data)
    if (together || !callbacks || !protocol?.ping) return
    callbacks.push(() => undefined)
    protocol.ping()
  }
}
