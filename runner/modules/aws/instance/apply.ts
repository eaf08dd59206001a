import {
  DescribeImagesCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { withProfile } from '../apply-profile.ts'
import { isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { imageOf } from './read-image.ts'
import { giveProfile } from './apply-profile.ts'
import { checksOf, read, type Machine } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(change: Change, want: Want, have: Machine | undefined, cloud: Cloud): Promise<void> {
  if (change.action === 'replace' && have) {
    await destroy(want, have, cloud)
    await create(want, cloud)
  } else if (have) await update(change, want, have, cloud)
  else await create(want, cloud)
  cloud.changed('ec2:')
}

async function create(want: Want, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const image = await imageOf(want, cloud)
  const { Images: [described] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [image] }))
  const tags = tagList({ ...cloud.tags, Name: want.name })
  const volume = {
    Encrypted: true,
    VolumeType: want.root_volume?.type ?? 'gp3',
    DeleteOnTermination: true,
    ...(want.root_volume?.size !== undefined && { VolumeSize: want.root_volume.size }),
  } as const
  const run = async (): Promise<void> => {
    await ec2.send(
      new RunInstancesCommand({
        ImageId: image,
        InstanceType: want.type as never,
        MinCount: 1,
        MaxCount: 1,
        // another token for each generation: AWS answers a used one with the instance it made then, though it is gone
        ClientToken: cloud.token(...(await former(want.name, cloud))),
        MetadataOptions: metadata(want),
        BlockDeviceMappings: [{ DeviceName: described?.RootDeviceName ?? '/dev/sda1', Ebs: volume }],
        TagSpecifications: [
          { ResourceType: 'instance', Tags: tags },
          { ResourceType: 'volume', Tags: tags },
        ],
        ...network(want),
        ...(want.key_name !== undefined && { KeyName: want.key_name }),
        ...(want.iam_profile !== undefined && { IamInstanceProfile: { Name: want.iam_profile } }),
        ...(want.user_data !== undefined && { UserData: Buffer.from(want.user_data).toString('base64') }),
      }),
    )
  }
  const { iam_profile: profile } = want
  await (profile === undefined ? run() : withProfile(`the instance profile ${profile}`, profile, cloud, run))
}

function metadata({ metadata_hops: hops }: Want) {
  return {
    HttpTokens: 'required',
    HttpEndpoint: 'enabled',
    ...(hops !== undefined && { HttpPutResponseHopLimit: hops }),
  } as const
}

function network({ subnet, security_groups: groups, public_ip: open }: Want) {
  if (subnet === undefined) return groups ? { SecurityGroupIds: [...groups] } : {}
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnet,
        AssociatePublicIpAddress: open ?? true,
        ...(groups && { Groups: [...groups] }),
      },
    ],
  }
}

/** Ids of instances of that name which are gone or going. */
async function former(name: string, cloud: Cloud): Promise<readonly string[]> {
  const found: string[] = []
  const filters = [
    { Name: 'tag:Name', Values: [name] },
    { Name: 'tag:runner:playbook', Values: [cloud.playbook] },
  ]
  for await (const page of paginateDescribeInstances({ client: await cloud.client('ec2') }, { Filters: filters })) {
    found.push(
      ...(page.Reservations ?? [])
        .flatMap((reservation) => reservation.Instances ?? [])
        .flatMap((one) => one.InstanceId ?? []),
    )
  }
  return found.toSorted()
}

async function update(change: Change, want: Want, have: Machine, cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  if (changes('security_groups'))
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: have.id, Groups: [...(want.security_groups ?? [])] }),
    )
  if (changes('metadata_hops') || changes('imds_tokens'))
    await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: have.id, ...metadata(want) }))
  if (changes('iam_profile') && want.iam_profile !== undefined) await giveProfile(have.id, want.iam_profile, cloud)
  if (changes('type')) {
    if (have.state !== 'stopped') await stop(have, want, cloud)
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: have.id, InstanceType: { Value: want.type } }))
  }
  if (changes('type') || changes('state')) await ec2.send(new StartInstancesCommand({ InstanceIds: [have.id] }))
}

async function stop(have: Machine, want: Want, cloud: Cloud): Promise<void> {
  await (await cloud.client('ec2')).send(new StopInstancesCommand({ InstanceIds: [have.id] }))
  await cloud.poll({
    what: `${want.name} to stop`,
    every: 5,
    timeout: 600,
    look: async () => {
      cloud.changed('ec2:instances')
      const now = await read(want, cloud)
      return now?.state === 'stopped' ? { done: true } : { status: now?.state ?? 'gone' }
    },
  })
}

/** Waits until it runs, has its address and passes AWS's checks. */
export async function ready(want: Want, have: Machine, cloud: Cloud): Promise<Machine> {
  return await cloud.poll({
    what: `instance ${want.name}`,
    every: 5,
    timeout: 900,
    look: async () => {
      cloud.changed('ec2:instances')
      const now = await read(want, cloud)
      if (!now) {
        const reason = await whyItEnded(have.id, cloud)
        throw failure(
          'E757',
          `the instance ${want.name} (${have.id}) ended before it was ready${reason === undefined ? '' : `: ${reason}`}`,
          {
            hint: 'often it is a limit, or an encrypted volume whose key may not be used; mend it and run apply again',
          },
        )
      }
      if (now.state !== 'running') return { status: now.state }
      const checks = await checksOf(now.id, cloud)
      return checks === 'ok' ? { done: now } : { status: checks }
    },
  })
}

/** EC2 keeps what it says of an instance for about an hour after its end. */
async function whyItEnded(id: string, cloud: Cloud): Promise<string | undefined> {
  const filters = [{ Name: 'instance-id', Values: [id] }]
  for await (const page of paginateDescribeInstances({ client: await cloud.client('ec2') }, { Filters: filters })) {
    const [gone] = page.Reservations?.flatMap((one) => one.Instances ?? []) ?? []
    if (gone) return gone.StateReason?.Message ?? (gone.StateTransitionReason || undefined)
  }
  return undefined
}

export async function destroy(want: Want, have: Machine, cloud: Cloud): Promise<void> {
  await (
    await cloud.client('ec2')
  )
    .send(new TerminateInstancesCommand({ InstanceIds: [have.id] }))
    .catch((error: unknown) => {
      if (!isMissing(error)) throw error
    })
  await cloud.poll({
    what: `${want.name} to be terminated`,
    every: 5,
    timeout: 900,
    look: async () => {
      for await (const page of paginateDescribeInstances(
        { client: await cloud.client('ec2') },
        { Filters: [{ Name: 'instance-id', Values: [have.id] }] },
      )) {
        const state = page.Reservations?.[0]?.Instances?.[0]?.State?.Name
        if (state !== undefined && state !== 'terminated') return { status: state }
      }
      return { done: true }
    },
  })
  cloud.changed('ec2:')
}
