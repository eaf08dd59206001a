import type { Cloud } from '../../connections/cloud.ts'

/**
 * What EC2 and Auto Scaling say of an instance profile for some seconds after IAM has it: “Invalid IAM Instance Profile name”, in launch
 * configurations “Invalid IamInstanceProfile”; “has no associated IAM Roles” before the role is seen in it (IAM User Guide, Eventual consistency).
 */
export const namesNewProfile = (message: string): boolean =>
  /invalid iam ?instance ?profile|iam instance profile .*has no associated iam role/i.test(message)

/** For how many seconds that is believed; AWS has been seen to take two minutes. */
export const profileLag = 180

/** Sends a call that names an instance profile, perhaps by a launch template, until EC2 knows it. */
export async function withProfile(what: string, cloud: Cloud, send: () => Promise<unknown>): Promise<void> {
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
        return { status: 'not known yet' }
      }
    },
  })
}
