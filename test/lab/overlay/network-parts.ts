import { refusal, type Answer, type Call, type Question, type Rule } from './rule.ts'
import { xmlList } from './listing.ts'
import { elements, valueOf } from './xml.ts'

type Ask = (question: Question) => Promise<Answer>

const nats = xmlList('natGatewaySet', 'item')

async function listed(ask: Ask, list: string, Action: string, more: Readonly<Record<string, string>> = {}) {
  const { body } = await ask({ service: 'ec2', parameters: { Action, ...more } })
  return elements(elements(body, list).join(''), 'item')
}

const filter = (Name: string, value: string) => ({ 'Filter.1.Name': Name, 'Filter.1.Value.1': value })
const interfacesIn = (ask: Ask, name: string, id: string) =>
  listed(ask, 'networkInterfaceSet', 'DescribeNetworkInterfaces', filter(name, id))

/**
 * With a NAT gateway goes its network interface, and its address is free again; before, the address is not given back (VPC User Guide,
 * Delete a NAT gateway; EC2 API Reference, ReleaseAddress). Moto keeps both, and releases an address in use.
 */
export function natGateways(): Rule {
  return {
    because: 'VPC User Guide, NAT gateways: what goes with one; InvalidIPAddress.InUse',
    operations: ['ec2:DeleteNatGateway', 'ec2:DescribeNatGateways', 'ec2:ReleaseAddress'],
    handle: async (call, next, ask) => {
      const { parameters } = call
      if (call.operation === 'ReleaseAddress') {
        const id = parameters.get('AllocationId') ?? ''
        const holder = (await listed(ask, 'natGatewaySet', 'DescribeNatGateways')).find((one) =>
          one.includes(`>${id}<`),
        )
        return holder === undefined
          ? await next()
          : refusal(call, 'InvalidIPAddress.InUse', `${id} is in use by ${valueOf(holder, 'natGatewayId')}`)
      }
      if (call.operation === 'DescribeNatGateways') {
        const answer = await next()
        const there = (item: string) => (item.includes('<state>deleted</state>') ? undefined : item)
        return answer.status === 200 ? { ...answer, body: nats.changed(answer.body, there, []) } : answer
      }
      const id = parameters.get('NatGatewayId') ?? ''
      const [before] = await listed(ask, 'natGatewaySet', 'DescribeNatGateways', { 'NatGatewayId.1': id })
      if (before === undefined) return refusal(call, 'NatGatewayNotFound', `the NAT gateway ${id} does not exist`)
      const answer = await next()
      const [association, face] = ['associationId', 'networkInterfaceId'].map((name) => valueOf(before, name) ?? '')
      await ask({ service: 'ec2', parameters: { Action: 'DisassociateAddress', AssociationId: association ?? '' } })
      await ask({ service: 'ec2', parameters: { Action: 'DeleteNetworkInterface', NetworkInterfaceId: face ?? '' } })
      return answer
    },
  }
}

/** What holds a part of a network, in the words in which the refusal names it; undefined: it may go. */
async function holderOf({ operation, parameters }: Call, ask: Ask): Promise<string | undefined> {
  const vpc = parameters.get('VpcId') ?? ''
  if (operation === 'DeleteSubnet') {
    const id = parameters.get('SubnetId') ?? ''
    const gateways = await listed(ask, 'natGatewaySet', 'DescribeNatGateways')
    const held = gateways.some((one) => valueOf(one, 'subnetId') === id)
    return held || (await interfacesIn(ask, 'subnet-id', id)).length > 0 ? `the subnet ${id}` : undefined
  }
  if (operation === 'DetachInternetGateway') {
    const faces = await interfacesIn(ask, 'vpc-id', vpc)
    const gateways = await listed(ask, 'natGatewaySet', 'DescribeNatGateways')
    const mapped =
      gateways.some((one) => valueOf(one, 'vpcId') === vpc) || faces.some((one) => one.includes('<publicIp>'))
    return mapped ? `Network ${vpc} has some mapped public address(es)` : undefined
  }
  const gateways = await listed(ask, 'internetGatewaySet', 'DescribeInternetGateways')
  const groups = await listed(ask, 'securityGroupInfo', 'DescribeSecurityGroups', filter('vpc-id', vpc))
  const held =
    gateways.some((one) => valueOf(one, 'vpcId') === vpc) ||
    groups.some((one) => valueOf(one, 'groupName') !== 'default') ||
    (await interfacesIn(ask, 'vpc-id', vpc)).length > 0
  return held ? `The vpc '${vpc}'` : undefined
}

/** A subnet, a gateway and a VPC are kept as long as something uses them (VPC User Guide, Delete your VPC); moto mostly lets them go. */
export function networkDependencies(): Rule {
  return {
    because: 'EC2 API Reference: DeleteSubnet, DetachInternetGateway, DeleteVpc fail with DependencyViolation',
    operations: ['ec2:DeleteSubnet', 'ec2:DetachInternetGateway', 'ec2:DeleteVpc'],
    handle: async (call, next, ask) => {
      const held = await holderOf(call, ask)
      return held === undefined
        ? await next()
        : refusal(call, 'DependencyViolation', `${held} has dependencies and cannot be deleted.`)
    },
  }
}

/** A VPC has one Internet gateway, a subnet one route table (EC2 API Reference); moto takes a second, or says nothing and does nothing. */
export function onlyOne(): Rule {
  return {
    because: 'EC2 API Reference, AttachInternetGateway, AssociateRouteTable: Resource.AlreadyAssociated',
    operations: ['ec2:AttachInternetGateway', 'ec2:AssociateRouteTable'],
    handle: async (call, next, ask) => {
      const { parameters } = call
      const [id, list, action] =
        call.operation === 'AttachInternetGateway'
          ? [parameters.get('VpcId'), 'internetGatewaySet', 'DescribeInternetGateways']
          : [parameters.get('SubnetId'), 'associationSet', 'DescribeRouteTables']
      const { body } = await ask({ service: 'ec2', parameters: { Action: action ?? '' } })
      const there = elements(body, list ?? '').some((one) => one.includes(`>${id}<`))
      return there ? refusal(call, 'Resource.AlreadyAssociated', `${id} has one already`) : await next()
    },
  }
}

/** An endpoint makes a route in each table that it is given (VPC User Guide, Gateway endpoints); moto does so only at first, and trips when it goes. */
export function gatewayEndpoints(): Rule {
  return {
    because: 'VPC User Guide, Gateway endpoints, Routing: a route in each table; gone with the endpoint',
    operations: ['ec2:ModifyVpcEndpoint', 'ec2:DescribeVpcEndpoints'],
    handle: async (call, next, ask) => {
      const answer = await next()
      if (answer.status !== 200) return answer
      const endpoints = xmlList('vpcEndpointSet', 'item')
      if (call.operation === 'DescribeVpcEndpoints') {
        const there = (item: string) => (/<state>deleted<\/state>/i.test(item) ? undefined : item)
        return { ...answer, body: endpoints.changed(answer.body, there, []) }
      }
      const GatewayId = call.parameters.get('VpcEndpointId') ?? ''
      const [endpoint = ''] = await listed(ask, 'vpcEndpointSet', 'DescribeVpcEndpoints', {
        'VpcEndpointId.1': GatewayId,
      })
      const lists = await listed(ask, 'prefixListSet', 'DescribeManagedPrefixLists')
      const list = lists.find((one) => valueOf(one, 'prefixListName') === valueOf(endpoint, 'serviceName')) ?? ''
      const DestinationPrefixListId = valueOf(list, 'prefixListId') ?? ''
      for (const [name, RouteTableId] of call.parameters) {
        const [, verb] = /^(Add|Remove)RouteTableId\./.exec(name) ?? []
        if (verb === undefined) continue
        const parameters = { RouteTableId, DestinationPrefixListId }
        await ask({
          service: 'ec2',
          parameters:
            verb === 'Add'
              ? { Action: 'CreateRoute', ...parameters, GatewayId }
              : { Action: 'DeleteRoute', ...parameters },
        })
      }
      return answer
    },
  }
}

/** A subnet group that is modified is still there (RDS API Reference, ModifyDBSubnetGroup); moto loses it. */
export function subnetGroups(): Rule {
  return {
    because: 'RDS API Reference, ModifyDBSubnetGroup: “Modifies an existing DB subnet group”',
    operations: ['rds:ModifyDBSubnetGroup'],
    handle: async (call, next, ask) => {
      const name = call.parameters.get('DBSubnetGroupName') ?? ''
      const rds = (Action: string, more: Readonly<Record<string, string>>) =>
        ask({ service: 'rds', parameters: { Action, ...more } })
      const { body } = await rds('DescribeDBSubnetGroups', { DBSubnetGroupName: name })
      const { body: tags } = await rds('ListTagsForResource', { ResourceName: valueOf(body, 'DBSubnetGroupArn') ?? '' })
      const answer = await next()
      if (answer.status !== 200) return answer
      const all = Object.fromEntries([...call.parameters].filter(([key]) => key !== 'Action'))
      const kept = elements(tags, 'Tag').flatMap((tag, index): [string, string][] => [
        [`Tags.Tag.${index + 1}.Key`, valueOf(tag, 'Key') ?? ''],
        [`Tags.Tag.${index + 1}.Value`, valueOf(tag, 'Value') ?? ''],
      ])
      await rds('CreateDBSubnetGroup', { ...all, ...Object.fromEntries(kept) })
      return answer
    },
  }
}
