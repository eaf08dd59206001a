import { json, type Call, type Rule } from './rule.ts'

/** The image of every emulated account that stands for the newest Ubuntu; moto brings it along. */
export const ubuntuImage = 'ami-1e749f67'

/** CreateImage tags the snapshots, too (EC2 API Reference, CreateImage, TagSpecification); moto answers 500. */
export function snapshotTags(): Rule {
  return {
    because: 'EC2 CreateImage: TagSpecification.N.ResourceType may be image or snapshot',
    operations: ['ec2:CreateImage'],
    handle: async (call, next) => {
      const isTag = ([name]: readonly [string, string]): boolean => name.startsWith('TagSpecification.')
      const kept = [...call.parameters].filter((pair) => !isTag(pair))
      // moto stops at the first number that is missing, so those that stay are counted anew
      let count = 0
      for (const [name, value] of call.parameters) {
        const prefix = /^(TagSpecification\.\d+\.)ResourceType$/.exec(name)?.[1]
        if (prefix === undefined || value === 'snapshot') continue
        count += 1
        for (const [other, text] of call.parameters)
          if (other.startsWith(prefix)) kept.push([other.replace(prefix, `TagSpecification.${count}.`), text])
      }
      const parameters = new URLSearchParams(kept)
      return await next({ ...call, parameters, body: parameters.toString() })
    },
  }
}

/** Canonical publishes the ids of its newest images as public parameters; moto knows only Amazon's. */
export function canonicalImage(image = ubuntuImage): Rule {
  const isCanonical = (name: string): boolean => name.startsWith('/aws/service/canonical/ubuntu/')
  const parameter = (name: string) => ({
    Name: name,
    Type: 'String',
    Value: image,
    Version: 1,
    DataType: 'aws:ec2:image',
  })
  return {
    because: 'documentation.ubuntu.com: finding Ubuntu images on AWS, SSM',
    operations: ['ssm:GetParameter', 'ssm:GetParameters'],
    handle: async (call, next) => {
      const { Name: name = '', Names: names = [] } = JSON.parse(call.body || '{}') as {
        Name?: string
        Names?: string[]
      }
      if (call.operation === 'GetParameter')
        return isCanonical(name) ? json({ Parameter: parameter(name) }) : await next()
      if (!names.some(isCanonical)) return await next()
      const others = await next(
        withNames(
          call,
          names.filter((one) => !isCanonical(one)),
        ),
      )
      const { Parameters: found = [], InvalidParameters: invalid = [] } = JSON.parse(others.body) as {
        Parameters?: object[]
        InvalidParameters?: string[]
      }
      return json({ Parameters: [...found, ...names.filter(isCanonical).map(parameter)], InvalidParameters: invalid })
    },
  }
}

function withNames(call: Call, names: readonly string[]): Call {
  return { ...call, body: JSON.stringify({ ...(JSON.parse(call.body) as object), Names: names }) }
}
