import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import { ignoreMissing } from '../errors.ts'
import { readerScaling, scaledReaders } from './read-scaling.ts'
import type { args } from './schema.ts'

/** Lets AWS add and take away readers; both calls make what is not there and change what is. */
export async function applyReaderScaling(want: ArgsOf<typeof args>, cloud: Cloud): Promise<void> {
  const name = want.name.toLowerCase()
  const { min, max, target_cpu = 60 } = want.reader_scaling ?? { min: 1, max: 1 }
  const scaling = await cloud.client('scaling')
  const which = scaledReaders(name)
  await scaling.send(new RegisterScalableTargetCommand({ ...which, MinCapacity: min, MaxCapacity: max }))
  await scaling.send(
    new PutScalingPolicyCommand({
      ...which,
      PolicyName: `${name}-readers`,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: target_cpu,
        PredefinedMetricSpecification: { PredefinedMetricType: 'RDSReaderAverageCPUUtilization' },
      },
    }),
  )
  cloud.changed(`rds:scaling:${name}`)
}

/** With the target its policies and alarms go, too. */
export async function removeReaderScaling(name: string, cloud: Cloud): Promise<void> {
  cloud.changed(`rds:scaling:${name}`)
  if ((await readerScaling(name, cloud)) === undefined) return
  await (
    await cloud.client('scaling')
  )
    .send(new DeregisterScalableTargetCommand(scaledReaders(name)))
    .catch((error: unknown) => {
      if ((error as Error).name !== 'ObjectNotFoundException') ignoreMissing(error)
    })
}
