import type { Client, ParsedKey } from 'ssh2'

/** What ssh2 keeps inside and does not offer; where a release has it no more, all works as before, some round trips slower. */
interface Inside {
  readonly _protocol?: { authPK?: Offer; readonly _handlers?: { GLOBAL_REQUEST?: Answer }; ping?(): void }
  readonly _callbacks?: (() => void)[]
}
type Sign = (data: Buffer, done: (signature: Buffer) => void) => void
type Offer = (user: string, key: ParsedKey, algorithm: unknown, sign?: Sign) => void
type Answer = (protocol: unknown, name: string, wantReply: boolean, data: unknown) => void

/** Makes a client that is about to connect leave out what it need not ask. */
export function hurry(client: Client): void {
  const protocol = (client as unknown as Inside)._protocol
  const { authPK: offer, _handlers: handlers } = protocol ?? {}
  if (protocol && offer) protocol.authPK = signingAtOnce(offer.bind(protocol))
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
 * OpenSSH's server tells of its other host keys, which ssh2 has proven before it goes on, and nobody here wants. Until that is received
 * the server holds back what comes next (RFC 896), and the receipt waits for something to travel with (RFC 1122, 4.2.3.2): a ping.
 */
function heedingNoKeys(client: Client, answer: Answer): Answer {
  const { _protocol: protocol, _callbacks: callbacks } = client as unknown as Inside
  return (sender, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com' || wantReply) return answer(sender, name, wantReply, data)
    if (!callbacks || !protocol?.ping) return
    callbacks.push(() => undefined)
    protocol.ping()
  }
}
