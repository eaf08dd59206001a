import { failure } from '../language/diagnostic.ts'
import type { Account } from './aws.ts'
import type { Clients } from './cloud.ts'

type ClientOf = <K extends keyof Clients>(service: K) => Promise<Clients[K]>

/** Asks AWS whose credentials these are, before anything is read or written: a wrong profile must not work on another account. */
export async function checkAccount(wanted: string | undefined, client: ClientOf): Promise<void> {
  if (wanted === undefined) return
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
  const { Account: account, Arn: arn } = await (await client('sts')).send(new GetCallerIdentityCommand({}))
  if (account === wanted) return
  throw failure('E808', `these are credentials of the account ${account ?? '?'}, but the playbook is for ${wanted}`, {
    hint: `they are those of ${arn ?? 'somebody unknown'}; set AWS_PROFILE or \`aws: { profile: … }\` to one of ${wanted}. Nothing was read or changed`,
  })
}

/** Credentials of a role, anew each time they are about to run out: the SDK asks again before their end. */
export function roleCredentials(account: Account, role: string) {
  return async () => {
    const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts')
    const { region, profile, endpoint } = account
    const sts = new STSClient({
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(endpoint !== undefined && { endpoint }),
    })
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'runner' }))
    if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
      throw failure('E803', `AWS gave no credentials for the role ${role}`)
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken !== undefined && { sessionToken: Credentials.SessionToken }),
      ...(Credentials.Expiration && { expiration: Credentials.Expiration }),
    }
  }
}
