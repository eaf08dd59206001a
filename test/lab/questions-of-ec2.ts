import {
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeKeyPairsCommand,
  ImportKeyPairCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import { refused } from './aws-clients.ts'
import type { Question } from './question.ts'

const group = { GroupName: 'web', Description: 'a' }
const open = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKdSLKGpLMoU4AcH792OCuoHGLZUNO7jSyTQiyHzScMv lab'

/** Security groups, keys, instances, images, templates and scaling groups. */
export const questionsOfEc2: readonly Question[] = [
  [
    'a group of the same name',
    async ({ ec2 }) => {
      await ec2.send(new CreateSecurityGroupCommand(group))
      return await refused(ec2.send(new CreateSecurityGroupCommand(group)))
    },
    'InvalidGroup.Duplicate',
  ],
  [
    'a rule twice',
    async ({ ec2 }) => {
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ ...group, GroupName: 'rule' }))
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [open] }))
      return await refused(ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [open] })))
    },
    'InvalidPermission.Duplicate',
    'not refused',
  ],
  [
    'a rule that is not there revoked',
    async ({ ec2 }) => {
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ ...group, GroupName: 'none' }))
      return await refused(ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [open] })))
    },
    'InvalidPermission.NotFound',
    'not refused',
  ],
  [
    'a group deleted that an instance has',
    async ({ ec2 }) => {
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ ...group, GroupName: 'used' }))
      await ec2.send(
        new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: 'ami-1e749f67', SecurityGroupIds: [GroupId] }),
      )
      return await refused(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))
    },
    'DependencyViolation',
    'not refused',
  ],
  [
    'a key pair of the same name',
    async ({ ec2 }) => {
      const make = { KeyName: 'admin', PublicKeyMaterial: Buffer.from(ed25519) }
      await ec2.send(new ImportKeyPairCommand(make))
      return await refused(ec2.send(new ImportKeyPairCommand(make)))
    },
    'InvalidKeyPair.Duplicate',
    'not refused',
  ],
  [
    'the public key of a key pair',
    async ({ ec2 }) => {
      await ec2.send(new ImportKeyPairCommand({ KeyName: 'public', PublicKeyMaterial: Buffer.from(ed25519) }))
      const ask = new DescribeKeyPairsCommand({ KeyNames: ['public'], IncludePublicKey: true })
      return (await ec2.send(ask)).KeyPairs?.[0]?.PublicKey?.split(' ')[0] ?? 'none'
    },
    'ssh-ed25519',
    'none',
  ],
  [
    'two instances of one client token',
    async ({ ec2 }) => {
      const run = { MinCount: 1, MaxCount: 1, ImageId: 'ami-1e749f67', ClientToken: 'twice' }
      const ids = [await ec2.send(new RunInstancesCommand(run)), await ec2.send(new RunInstancesCommand(run))].map(
        (answer) => answer.Instances?.[0]?.InstanceId,
      )
      return new Set(ids).size
    },
    1,
    2,
  ],
  [
    'a launch template of the same name',
    async ({ ec2 }) => {
      const make = { LaunchTemplateName: 'app', LaunchTemplateData: { ImageId: 'ami-1e749f67' } }
      await ec2.send(new CreateLaunchTemplateCommand(make))
      return await refused(ec2.send(new CreateLaunchTemplateCommand(make)))
    },
    'InvalidLaunchTemplateName.AlreadyExistsException',
  ],
  [
    'an image of an instance',
    async ({ ec2 }) => {
      const { Instances: [one] = [] } = await ec2.send(
        new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: 'ami-1e749f67' }),
      )
      return await refused(ec2.send(new CreateImageCommand({ InstanceId: one?.InstanceId ?? '', Name: 'app' })))
    },
    'not refused',
    'InvalidAction',
  ],
  [
    'a scaling group of the same name',
    async ({ autoscaling, ec2 }) => {
      await refused(
        ec2.send(
          new CreateLaunchTemplateCommand({
            LaunchTemplateName: 'grow',
            LaunchTemplateData: { ImageId: 'ami-1e749f67', InstanceType: 't3.micro' },
          }),
        ),
      )
      const make = {
        AutoScalingGroupName: 'app',
        MinSize: 0,
        MaxSize: 1,
        LaunchTemplate: { LaunchTemplateName: 'grow', Version: '1' },
        AvailabilityZones: ['us-east-1a'],
      }
      await autoscaling.send(new CreateAutoScalingGroupCommand(make))
      return await refused(autoscaling.send(new CreateAutoScalingGroupCommand(make)))
    },
    'AlreadyExistsFault',
  ],
]
