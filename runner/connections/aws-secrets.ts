import type { Clients } from './cloud.ts'

type ClientOf = <K extends keyof Clients>(service: K) => Promise<Clients[K]>

/** A decrypted parameter of Systems Manager's Parameter Store. */
export async function readParameter(name: string, client: ClientOf): Promise<string> {
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm')
  const { Parameter } = await (await client('ssm')).send(new GetParameterCommand({ Name: name, WithDecryption: true }))
  return Parameter?.Value ?? ''
}

/** The text of a secret in Secrets Manager. */
export async function readManagedSecret(name: string, client: ClientOf): Promise<string> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
  const { SecretString = '' } = await (await client('secrets')).send(new GetSecretValueCommand({ SecretId: name }))
  return SecretString
}
