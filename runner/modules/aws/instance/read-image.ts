import { paginateDescribeImages, type Image } from '@aws-sdk/client-ec2'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { ArgsOf } from '../../module.ts'
import { isMissing } from '../errors.ts'
import type { args } from './schema.ts'

/** The id of the image that is meant, now: of an alias or a pattern the newest one. */
export async function imageOf(
  { image, image_owner: owner = 'self' }: Pick<ArgsOf<typeof args>, 'image' | 'image_owner'>,
  cloud: Cloud,
): Promise<string> {
  if (image.startsWith('ssm:')) return await parameterOf(image.slice(4), cloud)
  return image.startsWith('name:') ? await newest(image.slice(5), owner, cloud) : image
}

async function parameterOf(name: string, cloud: Cloud): Promise<string> {
  try {
    const { Parameter } = await (await cloud.client('ssm')).send(new GetParameterCommand({ Name: name }))
    if (Parameter?.Value?.startsWith('ami-')) return Parameter.Value
  } catch (error) {
    if (!isMissing(error) && (error as Error).name !== 'ParameterNotFound') throw error
  }
  throw failure('E788', `the parameter ${name} names no image in ${cloud.region}`, {
    hint: 'check its path; public parameters are listed by `aws ssm get-parameters-by-path`',
  })
}

async function newest(pattern: string, owner: string, cloud: Cloud): Promise<string> {
  const found: Image[] = []
  const Filters = [
    { Name: 'name', Values: [pattern] },
    { Name: 'state', Values: ['available'] },
  ]
  for await (const page of paginateDescribeImages({ client: await cloud.client('ec2') }, { Owners: [owner], Filters }))
    found.push(...(page.Images ?? []))
  const [image] = found.toSorted((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))
  if (image?.ImageId !== undefined) return image.ImageId
  throw failure('E788', `no image of ${owner} in ${cloud.region} is called ${pattern}`, {
    hint: 'check the pattern and image_owner: `aws ec2 describe-images --owners … --filters Name=name,Values=…`',
  })
}
