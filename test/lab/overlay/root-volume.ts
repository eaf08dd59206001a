import type { Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/** Size of the root volume of an image that does not say it. */
const usual = '8'

/**
 * A mapping for the root device of the image may leave the size out: it is that of the image's snapshot (EC2 API Reference, EbsBlockDevice, SnapshotId and
 * VolumeSize); for another device AWS answers MissingParameter, and moto does so for every one.
 */
export function rootVolume(): Rule {
  return {
    because: 'EC2 API Reference, EbsBlockDevice: the size of the root volume is that of the image unless it is given',
    operations: ['ec2:RunInstances'],
    handle: async (call, next, ask) => {
      const device = call.parameters.get('BlockDeviceMapping.1.DeviceName')
      const ebs = 'BlockDeviceMapping.1.Ebs'
      const given = ['VolumeSize', 'SnapshotId'].some((name) => call.parameters.has(`${ebs}.${name}`))
      if (device === null || given) return await next()
      const image = call.parameters.get('ImageId') ?? ''
      const { body } = await ask({ service: 'ec2', parameters: { Action: 'DescribeImages', 'ImageId.1': image } })
      const [found = ''] = elements(elements(body, 'imagesSet').join(''), 'item')
      if (valueOf(found, 'rootDeviceName') !== device) return await next()
      const parameters = new URLSearchParams(call.parameters)
      parameters.set(`${ebs}.VolumeSize`, valueOf(found, 'volumeSize') ?? usual)
      return await next({ ...call, parameters, body: parameters.toString() })
    },
  }
}
