import type { Cloud } from '../../../connections/cloud.ts'
import { isOurs } from '../tags.ts'
import { certificates, certificateTags } from './read.ts'

/** The certificates of this playbook, each name once. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  const tags = await Promise.all(
    (await certificates(cloud)).map(async ({ CertificateArn: arn = '' }) => await certificateTags(arn, cloud)),
  )
  const names = tags.flatMap((one) => (isOurs(one, cloud) ? (one['Name'] ?? []) : []))
  return [...new Set(names)].map((name) => ({ name }))
}
