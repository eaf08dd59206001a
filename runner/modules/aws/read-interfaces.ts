import { DescribeNetworkInterfacesCommand, type NetworkInterface } from '@aws-sdk/client-ec2'
import type { Cloud } from '../../connections/cloud.ts'

/** Who still uses a security group, a subnet or a VPC: its network interfaces and whose they are. */
export async function whoHolds(filter: 'group-id' | 'subnet-id' | 'vpc-id', id: string, cloud: Cloud): Promise<string> {
  const { NetworkInterfaces: interfaces = [] } = await (
    await cloud.client('ec2')
  ).send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: filter, Values: [id] }] }))
  const named = interfaces.map((one) => `${one.NetworkInterfaceId} of ${ownerOf(one)}`)
  return named.length === 0 ? 'something still refers to it' : `used by ${named.slice(0, 3).join(', ')}`
}

/** To whom a network interface belongs: services that make some say so in its description or as its requester (EC2 User Guide, requester-managed). */
function ownerOf({ Description: text = '', Attachment, RequesterId: requester, Status }: NetworkInterface): string {
  const service =
    Attachment?.InstanceId !== undefined
      ? `the instance ${Attachment.InstanceId}`
      : text.startsWith('ELB ') || requester === 'amazon-elb'
        ? 'Elastic Load Balancing'
        : text.startsWith('EFS ')
          ? 'EFS'
          : text.startsWith('RDS') || requester === 'amazon-rds'
            ? 'RDS'
            : text.startsWith('AWS Lambda ')
              ? 'Lambda'
              : (requester ?? 'somebody')
  return `${service} (${text || (Status ?? 'in use')})`
}
