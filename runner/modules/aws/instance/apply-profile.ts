import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  ReplaceIamInstanceProfileAssociationCommand,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { withProfile } from '../apply-profile.ts'

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
  await withProfile(`the instance profile ${Name}`, Name, cloud, async () =>
    AssociationId === undefined
      ? await ec2.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name } }))
      : await ec2.send(
          new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile: { Name } }),
        ),
  )
}
