import { CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import {
  CreateImageCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { expect } from 'chai'
import type { Values } from '../../../runner/plan/unknown.ts'
import { deletedVersions } from '../../lab/overlay/deleted-versions.ts'
import { snapshotTags } from '../../lab/overlay/images.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject, moduleOf } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
let emulator: Emulator

describe('aws.instance and aws.launch_template, all that they can be told', () => {
  before(async function () {
    this.timeout(5 * 60_000)
    emulator = await startEmulator({}, [snapshotTags(), deletedVersions()])
  })
  after(() => emulator.close())

  it('makes an instance of the newest image whose name fits, with a profile, and gives it another', async () => {
    const cloud = await emulator.cloud('Images')
    const ec2 = await cloud.client('ec2')
    const made = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }))
    const InstanceId = made.Instances?.[0]?.InstanceId ?? ''
    const image = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'books-1' }))
    const one = await object('aws.instance_profile', { name: 'one' })
    const two = await object('aws.instance_profile', { name: 'two' })
    const want = { name: 'host', image: 'name:books-*', type: 't3.small', iam_profile: 'one', root_volume: { size: 8 } }
    const host = await object('aws.instance', want)
    expect(await host.outputs()).to.include({ image_id: image.ImageId })
    // DescribeInstances of the emulator goes on naming the former one, so the association itself is asked
    await host.accept({ ...want, iam_profile: 'two' }, 'update')
    const { IamInstanceProfileAssociations: [given] = [] } = await ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({}),
    )
    expect(given?.IamInstanceProfile?.Arn).to.match(/instance-profile\/runner\/two$/)
    await ec2.send(new CreateImageCommand({ InstanceId, Name: 'books-2' }))
    await host.becomes({ ...want, type: 't3.large' }, 'update')
    await host.goes()
    await one.goes()
    await two.goes()
    const none = { ...want, name: 'none', image: 'name:nothing-*' }
    expect((await failureOf(object('aws.instance', none))).message).to.contain('is called nothing-*')
  })

  it('makes versions of a launch template just when something differs, and closes what somebody opened', async () => {
    const want = {
      name: 'books',
      image: 'ami-12c6146b',
      type: 't3.small',
      user_data: '#!/bin/sh\necho grüße\n',
      root_volume: { size: 20 },
      tags: { team: 'books' },
    }
    const template = await object('aws.launch_template', want)
    expect(await template.outputs()).to.include({ version: 1 })
    await template.becomes({ ...want, metadata_hops: 2 }, 'update')
    await template.becomes({ ...want, metadata_hops: 2, root_volume: { size: 30, type: 'gp2' } }, 'update')
    const last = { ...want, metadata_hops: 2, root_volume: { size: 30, type: 'gp2' }, tags: { team: 'other' } }
    await template.becomes(last, 'update')
    expect(await template.outputs()).to.include({ version: 4 })
    const { id } = await template.outputs()
    const ec2 = await template.cloud.client('ec2')
    await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: String(id),
        SourceVersion: '4',
        LaunchTemplateData: {
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.small',
          MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 2 },
          UserData: Buffer.from(last.user_data).toString('base64'),
        },
      }),
    )
    await template.putsBack('root_volume', 'imds_tokens', 'tags')
    await template.goes()
  })

  it('keeps as many versions as it is told, and those that a scaling group or an instance uses; the plan said which go', async () => {
    const want = { name: 'kept', image: 'ami-12c6146b', keep: 2, type: 't3.small' }
    const template = await object('aws.launch_template', want)
    const LaunchTemplateId = String((await template.outputs())['id'])
    const ec2 = await template.cloud.client('ec2')
    const autoscaling = await template.cloud.client('autoscaling')
    const name = { AutoScalingGroupName: 'kept' }
    const bounds = { MinSize: 0, MaxSize: 0, AvailabilityZones: ['eu-central-1a'] }
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({ ...name, ...bounds, LaunchTemplate: { LaunchTemplateId, Version: '1' } }),
    )
    const versions = async () =>
      (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }))).LaunchTemplateVersions?.map(
        (one) => one.VersionNumber,
      )
    const module = await moduleOf('aws.launch_template')
    const change = async (type: string): Promise<string | undefined> => {
      template.cloud.changed('')
      const next = { ...want, type }
      const { why } = module.diff(next, await module.read(next, template.cloud))
      await template.becomes(next, 'update')
      return why
    }
    expect(await change('t3.medium')).to.equal(undefined)
    const tag = (Key: string, Value: string) => ({ Key: `aws:ec2launchtemplate:${Key}`, Value })
    const Tags = [tag('id', LaunchTemplateId), tag('version', '2')]
    const { Instances: [made] = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    )
    for (const type of ['t3.large', 't3.xlarge']) expect(await change(type)).to.equal(undefined)
    expect(await versions()).to.have.members([1, 2, 3, 4])
    await autoscaling.send(new DeleteAutoScalingGroupCommand(name))
    expect(await change('t3.2xlarge')).to.equal('version 5 is made, versions 1, 3 are deleted')
    expect(await versions()).to.have.members([2, 4, 5])
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [made?.InstanceId ?? ''] }))
    expect(await change('t3.small')).to.equal('version 6 is made, versions 2, 4 are deleted')
    expect(await versions()).to.have.members([5, 6])
    await template.goes()
  })

  it('keeps as many images as it is told, and those that an instance was made of', async () => {
    const cloud = await emulator.cloud('Image')
    const ec2 = await cloud.client('ec2')
    const run = async (ImageId: string): Promise<string> => {
      const made = await ec2.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1 }))
      return made.Instances?.[0]?.InstanceId ?? ''
    }
    const want = { name: 'family', instance: await run('ami-12c6146b'), keep: 1 }
    const image = await object('aws.image', { ...want, content: { release: 1 } })
    const first = String((await image.outputs())['id'])
    const user = await run(first)
    const there = async (): Promise<number> => {
      image.cloud.changed('')
      const module = await moduleOf('aws.image')
      return ((await module.read({ ...want, content: {} }, image.cloud)) as { all: readonly unknown[] }).all.length
    }
    await image.becomes({ ...want, content: { release: 2 } }, 'update')
    expect(await there()).to.equal(2)
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [user] }))
    await image.becomes({ ...want, content: { release: 3 } }, 'update')
    expect(await there()).to.equal(1)
    await image.goes()
  })

  it('wants tokens of the metadata service again', async () => {
    const want = { name: 'tokens', image: 'ami-12c6146b', type: 't3.small', root_volume: { size: 8 }, metadata_hops: 2 }
    const host = await object('aws.instance', want)
    const ec2 = await host.cloud.client('ec2')
    await ec2.send(
      new ModifyInstanceMetadataOptionsCommand({
        InstanceId: String((await host.outputs())['id']),
        HttpTokens: 'optional',
        HttpPutResponseHopLimit: 64,
      }),
    )
    await host.putsBack('metadata_hops', 'imds_tokens')
    await host.goes()
  })
})
