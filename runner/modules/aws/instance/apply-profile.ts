import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  ReplaceIamInstanceProfileAssociationCommand,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'

/** EC2 learns of a new instance profile some ten seconds after IAM has it (InvalidParameterValue … Invalid IAM Instance Profile). */
export async function withProfile(name: string | undefined, cloud: Cloud, send: () => Promise<unknown>): Promise<void> {
  if (name === undefined) return void (await send())
  await cloud.poll({
    what: `EC2 to know the instance profile ${name}`,
    every: 5,
    timeout: 180,
    look: async () => {
      try {
        await send()
        return { done: true }
      } catch (error) {
        if (!/invalid iam instance profile/i.test((error as Error).message)) throw error
        return { status: 'not known yet' }
      }
    },
  })
}

/** Gives a running instance another profile; what runs on it sees the new permissions within minutes. */
export async function giveProfile(InstanceId: string, Name: string, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const { IamInstanceProfileAssociations: found = [] } = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({
      Filters: [
        { Name: 'instance-id', Values: [InstanceId] },
        { Name: 'state', Values: ['associating', 'associated'] },
      ],
    }),
  )
  const AssociationId = found[0]?.AssociationId
  await withProfile(Name, cloud, async () =>
    AssociationId === undefined
      ? await ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name } }))
      : await ec2.send(
          new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile: { Name } }),
        ),
  )
}
