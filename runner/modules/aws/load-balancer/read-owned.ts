import type { Cloud } from '../../../connections/cloud.ts'
import { loadBalancers, tagsOf } from '../read-elb.ts'
import { isOurs } from '../tags.ts'

/** What of this kind carries this playbook’s tag. */
export async function owned(cloud: Cloud): Promise<readonly { readonly name: string }[]> {
  const found = (await loadBalancers(cloud)).map(async ({ LoadBalancerName: name, LoadBalancerArn: arn = '' }) =>
    name !== undefined && isOurs(await tagsOf(arn, cloud), cloud) ? [{ name }] : [],
  )
  return (await Promise.all(found)).flat()
}
