import type { Rule } from './rule.ts'

/** The image of every emulated account that stands for the newest Ubuntu; moto brings it along. */
export const ubuntuImage = 'ami-1e749f67'

/** CreateImage tags the snapshots, too (EC2 API Reference, CreateImage, TagSpecification); moto answers 500. */
export function snapshotTags(): Rule {
  return {
    because: 'EC2 CreateImage: TagSpecification.N.ResourceType may be image or snapshot',
    operations: ['ec2:CreateImage'],
    ask: ({ parameters }) => {
      const kept = new URLSearchParams(parameters)
      for (const [name, value] of parameters) {
        const index = /^TagSpecification\.(\d+)\.ResourceType$/.exec(name)?.[1]
        if (index === undefined || value !== 'snapshot') continue
        for (const other of parameters.keys()) if (other.startsWith(`TagSpecification.${index}.`)) kept.delete(other)
      }
      return kept.toString()
    },
  }
}

/** Canonical publishes the ids of its newest images as public parameters; moto knows only Amazon's. */
export function canonicalImage(): Rule {
  return {
    because: 'documentation.ubuntu.com: finding Ubuntu images on AWS, SSM',
    operations: ['ssm:GetParameter'],
    answer: ({ body }) => {
      const { Name: name = '' } = JSON.parse(body || '{}') as { Name?: string }
      if (!name.startsWith('/aws/service/canonical/ubuntu/')) return undefined
      return {
        status: 200,
        type: 'application/x-amz-json-1.1',
        body: JSON.stringify({
          Parameter: { Name: name, Type: 'String', Value: ubuntuImage, Version: 1, DataType: 'aws:ec2:image' },
        }),
      }
    },
  }
}
