import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { EC2Client } from '@aws-sdk/client-ec2'
import { EFSClient } from '@aws-sdk/client-efs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { RDSClient } from '@aws-sdk/client-rds'
import { SSMClient } from '@aws-sdk/client-ssm'

/** The SDK's own clients for an emulator; `maxAttempts: 1`, so that a 500 is seen at once. */
export function clientsFor(endpoint: string) {
  const options = {
    region: 'us-east-1',
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  }
  return {
    autoscaling: new AutoScalingClient(options),
    ec2: new EC2Client(options),
    efs: new EFSClient(options),
    elb: new ElasticLoadBalancingV2Client(options),
    rds: new RDSClient(options),
    ssm: new SSMClient(options),
  }
}

export type Clients = ReturnType<typeof clientsFor>

/** Name of the error that a call ends with. */
export async function refused(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'not refused',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  )
}
