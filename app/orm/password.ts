import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

/** A password that may change while the application runs. */
export interface Password {
  now(): Promise<string>
  /** The server refused it: the next is read anew. */
  renew(): Promise<void>
}

/** Reads one secret; RDS keeps `{"username": …, "password": …}` in its. */
export async function readSecret(arn: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS' = 'AWSCURRENT'): Promise<string> {
  const client = new SecretsManagerClient({
    region: arn.split(':')[3] as string,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 },
  })
  try {
    const { SecretString: text = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }),
    )
    if (!text.startsWith('{')) return text
    const { password } = JSON.parse(text) as { password?: unknown }
    if (typeof password !== 'string') throw new Error(`the secret ${arn} has no "password"`)
    return password
  } finally {
    client.destroy()
  }
}

export function makePassword(
  from: { readonly value: string } | { readonly secret: string },
  read: (arn: string) => Promise<string> = readSecret,
): Password {
  if ('value' in from) return { now: async () => from.value, renew: async () => undefined }
  let known: Promise<string> | undefined
  let readAt = 0
  return {
    async now() {
      if (known === undefined) {
        readAt = performance.now()
        known = read(from.secret)
        // what could not be read is asked for again by the next
        known.catch(() => (known = undefined))
      }
      try {
        return await known
      } catch (error) {
        // for those who wait: as if the server itself could not be reached
        throw Object.assign(
          new Error(`the database’s password cannot be read: ${(error as Error).message}`, { cause: error }),
          {
            code: 'ETIMEDOUT',
          },
        )
      }
    },
    async renew() {
      // at most every second, however many requests are refused at once
      if (performance.now() - readAt > 1000) known = undefined
    },
  }
}
