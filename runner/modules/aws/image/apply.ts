import { CreateImageCommand, DeleteSnapshotCommand, DeregisterImageCommand } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { ArgsOf } from '../../module.ts'
import { isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { imageName } from './diff.ts'
import { read, type Images, type OneImage } from './read.ts'
import { usedImages } from './read-used.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

export async function apply(_change: Change, want: Want, _have: Images | undefined, cloud: Cloud): Promise<void> {
  const name = imageName(want.name, want.content)
  const tags = tagList({ ...cloud.tags, Name: name })
  await (
    await cloud.client('ec2')
  ).send(
    new CreateImageCommand({
      InstanceId: want.instance,
      Name: name,
      Description: `${want.name}, made by runner`,
      TagSpecifications: [
        { ResourceType: 'image', Tags: tags },
        { ResourceType: 'snapshot', Tags: tags },
      ],
    }),
  )
  cloud.changed('ec2:images')
}

/** Waits until the image can be started from, then takes the oldest ones away. */
export async function ready(want: Want, have: Images, cloud: Cloud): Promise<Images> {
  const done = await cloud.poll({
    what: `image ${have.name}`,
    every: 10,
    timeout: 3600,
    look: async () => {
      cloud.changed('ec2:images')
      const now = await read(want, cloud)
      const image = now?.all.find((one) => one.id === now.id)
      if (image?.state === 'failed' || image?.state === 'error')
        throw failure(
          'E758',
          `the image ${image.name} failed${image.reason === undefined ? '' : `: ${image.reason}`}`,
          { hint: 'deregister it and run apply again' },
        )
      return now && image?.state === 'available' ? { done: now } : { status: image?.state ?? 'not visible yet' }
    },
  })
  await removeOld(want, done, cloud)
  return done
}

async function removeOld(want: Want, { all, id }: Images, cloud: Cloud): Promise<void> {
  const own = all.filter((image) => image.tags['runner:playbook'] === cloud.playbook && image.id !== id)
  const old = own.slice((want.keep ?? 3) - 1)
  if (old.length === 0) return
  const used = await usedImages(cloud)
  const free = old.filter((image) => !used.has(image.id))
  await remove(free, cloud)
}

async function remove(images: readonly OneImage[], cloud: Cloud): Promise<void> {
  const ec2 = await cloud.client('ec2')
  for (const image of images) {
    await ec2.send(new DeregisterImageCommand({ ImageId: image.id })).catch(ignoreMissing)
    // a deregistered image leaves its snapshots behind
    for (const SnapshotId of image.snapshots)
      await ec2.send(new DeleteSnapshotCommand({ SnapshotId })).catch(ignoreMissing)
  }
  cloud.changed('ec2:images')
}

export async function destroy(_want: Want, have: Images, cloud: Cloud): Promise<void> {
  await remove(
    have.all.filter((image) => image.tags['runner:playbook'] === cloud.playbook),
    cloud,
  )
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error
}
