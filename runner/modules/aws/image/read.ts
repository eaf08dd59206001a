import { paginateDescribeImages, type Image } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../../connections/cloud.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, Found } from '../../module.ts'
import { tagMap } from '../tags.ts'
import { imageName } from './diff.ts'
import type { args } from './schema.ts'

export interface OneImage {
  readonly id: string
  readonly name: string
  readonly state: string
  /** Why it failed. */
  readonly reason?: string | undefined
  readonly snapshots: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** All images of the family, the newest first; `id` is that of the wanted content, or else of the newest. */
export interface Images extends Found {
  readonly name: string
  readonly all: readonly OneImage[]
}

export function ownImages(cloud: Cloud): Promise<readonly Image[]> {
  return cloud.once('ec2:images', async () => {
    const found: Image[] = []
    for await (const page of paginateDescribeImages({ client: await cloud.client('ec2') }, { Owners: ['self'] }))
      found.push(...(page.Images ?? []))
    return found
  })
}

export async function read(
  want: Pick<ArgsOf<typeof args>, 'name' | 'content'>,
  cloud: Cloud,
): Promise<Images | undefined> {
  const family = (await ownImages(cloud)).filter(
    (image) => image.Name?.startsWith(`${want.name}-`) && /^[0-9a-f]{12}$/.test(image.Name.slice(want.name.length + 1)),
  )
  const all = family
    .toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))
    .map((image): OneImage => ({
      id: image.ImageId ?? '',
      name: image.Name ?? '',
      state: image.State ?? 'available',
      ...(image.StateReason?.Message !== undefined && { reason: image.StateReason.Message }),
      snapshots: (image.BlockDeviceMappings ?? []).flatMap((mapping) => mapping.Ebs?.SnapshotId ?? []),
      tags: tagMap(image.Tags),
    }))
  const wanted = firstUnknown(want.content) ? undefined : imageName(want.name, want.content)
  const current = all.find((image) => image.name === wanted) ?? all[0]
  if (!current) return undefined
  return {
    id: current.id,
    name: current.name,
    tags: current.tags,
    all,
    parts: all.map((image) => image.id),
    ...(current.state === 'pending' && { pending: 'pending' }),
  }
}
