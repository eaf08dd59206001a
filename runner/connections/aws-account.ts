import { failure } from '../language/diagnostic.ts'
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
