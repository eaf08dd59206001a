import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { ownImages } from './read.ts'

/** Families of images of which one carries this playbook’s tag. */
export async function owned(
  cloud: Cloud,
): Promise<readonly { readonly name: string; readonly content: Readonly<Record<string, unknown>> }[]> {
  const families = (await ownImages(cloud)).flatMap((image) => {
    const [, family] = /^(.+)-[0-9a-f]{12}$/.exec(image.Name ?? '') ?? []
    return family !== undefined && isOurs(image.Tags, cloud) ? [family] : []
  })
  return [...new Set(families)].map((name) => ({ name, content: {} }))
}
