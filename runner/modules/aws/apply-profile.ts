import { DescribeLaunchTemplateVersionsCommand } from '@aws-sdk/client-ec2'
import { GetInstanceProfileCommand } from '@aws-sdk/client-iam'
import type { Cloud } from '../../connections/cloud.ts'
import { failure, type Failure } from '../../language/diagnostic.ts'
import { errorName, isMissing } from './errors.ts'

/**
 * What EC2 and Auto Scaling say of an instance profile for some seconds after IAM has it: “Invalid IAM Instance Profile name”, in launch
 * configurations “Invalid IamInstanceProfile”; “has no associated IAM Roles” before the role is seen in it (IAM User Guide, Eventual consistency).
 * They say the same of one that does not exist.
 */
export const namesNewProfile = (message: string): boolean =>
  /invalid iam ?instance ?profile|iam instance profile .*has no associated iam role/i.test(message)

/** For how many seconds that is believed; AWS has been seen to take two minutes. */
export const profileLag = 180

/** How often in a row IAM, too, has to say that there is none: it shows a new one some seconds later itself. */
const looks = 4

/** Where a call names an instance profile: itself, or by a version of a launch template. */
export type Named = string | { readonly id: string; readonly version: number | string }

/** Sends a call that names an instance profile until EC2 knows it; one that IAM does not know either is refused. */
export async function withProfile(
  what: string,
  named: Named,
  cloud: Cloud,
  send: () => Promise<unknown>,
): Promise<void> {
  let missed = 0
  await cloud.poll({
    what: `EC2 to know ${what}`,
    every: 5,
    timeout: profileLag,
    look: async () => {
      try {
        await send()
        return { done: true }
      } catch (error) {
        if (!namesNewProfile((error as Error).message)) throw error
        const fault = await faultOfProfile(named, cloud)
        missed = fault ? missed + 1 : 0
        if (fault && missed === looks) throw fault
        return { status: fault ? 'not in IAM either' : 'not known yet' }
      }
    },
  })
}

/** Refuses a profile that is not there before something names it that AWS takes without looking. */
export async function requireProfile(name: string, cloud: Cloud): Promise<void> {
  let missed = 0
  await cloud.poll({
    what: `the instance profile ${name}`,
    every: 5,
    timeout: 60,
    look: async () => {
      const fault = await faultOfProfile(name, cloud)
      if (fault && ++missed === looks) throw fault
      return fault ? { status: 'not in IAM' } : { done: true }
    },
  })
}

/** Why no instance can be given it; undefined: it can, or this user may not ask. */
export async function faultOfProfile(named: Named, cloud: Cloud): Promise<Failure | undefined> {
  const name = typeof named === 'string' ? named : await nameIn(named, cloud)
  if (name === undefined) return undefined
  try {
    const iam = await cloud.client('iam')
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name }))
    if (InstanceProfile?.Roles?.length !== 0) return undefined
    return failure('E745', `the instance profile ${name} has no role`, {
      hint: 'an instance can be given one with a role only: put one in, or let `aws.instance_profile` make both',
    })
  } catch (error) {
    if (isMissing(error))
      return failure('E745', `there is no instance profile ${name}`, {
        hint: 'correct `iam_profile`, or make it by a task with `aws.instance_profile` and refer to its `name`',
      })
    if (/AccessDenied|Unauthorized/.test(errorName(error))) return undefined
    throw error
  }
}

async function nameIn({ id, version }: Exclude<Named, string>, cloud: Cloud): Promise<string | undefined> {
  const ec2 = await cloud.client('ec2')
  const { LaunchTemplateVersions: [found] = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [String(version)] }),
  )
  const { Name: name, Arn: arn } = found?.LaunchTemplateData?.IamInstanceProfile ?? {}
  return name ?? arn?.split('/').at(-1)
}
