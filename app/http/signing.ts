import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { SigningConfig } from '../config.ts'
import { Unavailable } from '../orm/failures.ts'
import { readSecret } from '../orm/password.ts'

/** Signs what a browser keeps for us, so that every instance can trust it. */
export interface Signer {
  sign(purpose: string, text: string): Promise<string>
  verify(purpose: string, text: string, signature: string): Promise<boolean>
}

type ReadSecret = typeof readSecret

/** How long, in milliseconds, a secret is not asked for again because of a signature that does not fit. */
const soon = 10_000
/** A secret that is older is asked for again before it is used, in milliseconds. */
const old = 3600_000

/**
 * Signs with the first key and accepts all of them: a key is changed by putting the new one before the old. A secret is read anew when
 * a signature does not fit: an instance that was started after it had been rotated may have signed.
 */
export function makeSigner(
  config: SigningConfig,
  read: ReadSecret = readSecret,
  now: () => number = () => performance.now(),
): Signer {
  const load = 'keys' in config ? undefined : () => fromSecret(config.secret, read)
  let known: Promise<readonly Buffer[]> | undefined =
    'keys' in config ? Promise.resolve(config.keys.map(derive)) : undefined
  let readAt = -Infinity
  const keys = async (age: number): Promise<readonly Buffer[]> => {
    const before = known
    if (load !== undefined && (before === undefined || now() - readAt >= age)) {
      readAt = now()
      known = load().catch((error: unknown) => {
        // what could not be read is asked for by the next; those that were known are still good
        known = before
        if (before !== undefined) return before
        throw error
      })
    }
    return await (known as Promise<readonly Buffer[]>)
  }
  const mac = (key: Buffer, purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest()
  const fits = (all: readonly Buffer[], purpose: string, text: string, signature: string): boolean => {
    const given = Buffer.from(signature, 'base64url')
    return all.some((key) => {
      const want = mac(key, purpose, text)
      return given.length === want.length && timingSafeEqual(given, want)
    })
  }
  return {
    sign: async (purpose, text) => mac((await keys(old))[0] as Buffer, purpose, text).toString('base64url'),
    verify: async (purpose, text, signature) =>
      fits(await keys(old), purpose, text, signature) ||
      (load !== undefined && fits(await keys(soon), purpose, text, signature)),
  }
}

function derive(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'bookstore signing key', 32))
}

async function fromSecret(arn: string, read: ReadSecret): Promise<readonly Buffer[]> {
  try {
    const current = await read(arn)
    // what was signed before the secret was rotated is still good
    const previous = await read(arn, 'AWSPREVIOUS').catch(() => undefined)
    return [current, ...(previous === undefined ? [] : [previous])].map(derive)
  } catch (error) {
    throw new Unavailable(error)
  }
}
