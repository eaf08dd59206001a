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

/** Signs with the first key and accepts all of them: a key is changed by putting the new one before the old. */
export function makeSigner(config: SigningConfig, read: ReadSecret = readSecret): Signer {
  let known: Promise<readonly Buffer[]> | undefined
  const keys = async (): Promise<readonly Buffer[]> => {
    if (known === undefined) {
      known = 'keys' in config ? Promise.resolve(config.keys.map(derive)) : fromSecret(config.secret, read)
      known.catch(() => (known = undefined))
    }
    return await known
  }
  const mac = (key: Buffer, purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest()
  return {
    sign: async (purpose, text) => mac((await keys())[0] as Buffer, purpose, text).toString('base64url'),
    async verify(purpose, text, signature) {
      const given = Buffer.from(signature, 'base64url')
      for (const key of await keys()) {
        const want = mac(key, purpose, text)
        if (given.length === want.length && timingSafeEqual(given, want)) return true
      }
      return false
    },
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
