/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

/** What AWS checks of the caller beside the action itself (Service Authorization Reference, dependent actions; the user guides of the services). */
const implied: Readonly<Record<string, readonly string[]>> = {
  'ec2:RunInstances': ['ec2:CreateTags', 'iam:PassRole'],
  'ec2:CreateSecurityGroup': ['ec2:CreateTags'],
  'ec2:CreateLaunchTemplate': ['ec2:CreateTags'],
  'ec2:CreateImage': ['ec2:CreateTags'],
  'ec2:ImportKeyPair': ['ec2:CreateTags'],
  'ec2:AllocateAddress': ['ec2:CreateTags'],
  'ec2:CreateVpc': ['ec2:CreateTags'],
  'ec2:CreateSubnet': ['ec2:CreateTags'],
  'ec2:CreateInternetGateway': ['ec2:CreateTags'],
  'ec2:CreateRouteTable': ['ec2:CreateTags'],
  'ec2:CreateNatGateway': ['ec2:CreateTags'],
  'ec2:CreateVpcEndpoint': ['ec2:CreateTags'],
  'autoscaling:CreateAutoScalingGroup': [
    'autoscaling:CreateOrUpdateTags',
    'ec2:RunInstances',
    'ec2:CreateTags',
    'iam:PassRole',
    'iam:CreateServiceLinkedRole',
  ],
  'rds:CreateDBCluster': [
    'rds:AddTagsToResource',
    'iam:CreateServiceLinkedRole',
    // for a password that AWS keeps (RDS User Guide, permissions required for Secrets Manager integration)
    'secretsmanager:CreateSecret',
    'secretsmanager:TagResource',
    'kms:DescribeKey',
  ],
  'rds:CreateDBInstance': ['rds:AddTagsToResource'],
  'rds:CreateDBSubnetGroup': ['rds:AddTagsToResource'],
  'rds:DeleteDBCluster': ['rds:CreateDBClusterSnapshot'],
  'elasticfilesystem:CreateFileSystem': ['elasticfilesystem:TagResource', 'iam:CreateServiceLinkedRole'],
  'elasticfilesystem:CreateMountTarget': [
    'ec2:DescribeSubnets',
    'ec2:DescribeNetworkInterfaces',
    'ec2:CreateNetworkInterface',
  ],
  'elasticfilesystem:DeleteMountTarget': ['ec2:DeleteNetworkInterface'],
  'elasticloadbalancing:CreateLoadBalancer': ['elasticloadbalancing:AddTags', 'iam:CreateServiceLinkedRole'],
  'elasticloadbalancing:CreateTargetGroup': ['elasticloadbalancing:AddTags'],
  'acm:RequestCertificate': ['acm:AddTagsToCertificate'],
  'acm:ImportCertificate': ['acm:AddTagsToCertificate'],
  'iam:CreateRole': ['iam:TagRole'],
  'iam:CreateInstanceProfile': ['iam:TagInstanceProfile'],
}

const reading = /:(Describe|Get|List)/
/** Services that have no regions. */
const global = /^(iam|route53|sts):/
/** What carries the playbook's tag in the request itself. */
const tagging =
  /^(ec2:(CreateSecurityGroup|ImportKeyPair|CreateLaunchTemplate|AllocateAddress|CreateVpc|CreateSubnet|CreateRouteTable|CreateInternetGateway|CreateNatGateway|CreateVpcEndpoint)|rds:(CreateDBCluster|CreateDBInstance|CreateDBSubnetGroup|AddTagsToResource)|elasticfilesystem:(CreateFileSystem|TagResource)|elasticloadbalancing:(CreateLoadBalancer|CreateTargetGroup|AddTags)|autoscaling:(CreateAutoScalingGroup|CreateOrUpdateTags)|acm:(RequestCertificate|ImportCertificate|AddTagsToCertificate))$/
/** What knows no tags of its resource, or touches things beside that are not the playbook's: subnets, images, zones, secrets of RDS. */
const untagged =
  /^(ec2:(RunInstances|CreateImage|CreateNetworkInterface|DeleteNetworkInterface|AuthorizeSecurityGroup.*|RevokeSecurityGroup.*|AssociateAddress|DisassociateAddress)|route53:.*|secretsmanager:.*|kms:.*|rds:CreateDBClusterSnapshot)$/
/** What is made in something else: of that the request carries no tag (Service Authorization Reference, EC2, condition keys by resource). */
const inside = /^ec2:(CreateSecurityGroup|CreateSubnet|CreateRouteTable|CreateNatGateway|CreateVpcEndpoint)$/
const special = /^(iam:.*|ec2:CreateTags)$/

/** All that is needed for these calls. */
export function withImplied(actions: readonly string[]): readonly string[] {
  return [...new Set(actions.flatMap((action) => [action, ...(implied[action] ?? [])]))].toSorted()
}

/** The least that lets a playbook be planned, applied and destroyed: by tag where AWS allows it, and only in its regions. */
export function iamPolicy(calls: readonly string[], playbook: string, regions: readonly string[]): Policy {
  const all = withImplied(calls)
  const region = regions.length === 0 ? {} : { StringEquals: { 'aws:RequestedRegion': regions } }
  const inRegion = (more: Readonly<Record<string, string>> = {}) => {
    const StringEquals = { ...region.StringEquals, ...more }
    return Object.keys(StringEquals).length === 0 ? {} : { Condition: { StringEquals } }
  }
  const writes = all.filter((action) => !reading.test(action) && !special.test(action))
  const tag = 'runner:playbook'
  const profiles = all.filter(
    (action) => action.startsWith('iam:') && !reading.test(action) && !/PassRole|ServiceLinked/.test(action),
  )
  const statements: readonly (Omit<Statement, 'Effect'> & { readonly Effect?: never })[] = [
    {
      Sid: 'Read',
      Action: all.filter((action) => reading.test(action) && !global.test(action)),
      Resource: '*',
      ...inRegion(),
    },
    { Sid: 'ReadGlobal', Action: all.filter((action) => reading.test(action) && global.test(action)), Resource: '*' },
    {
      Sid: 'CreateTagged',
      Action: writes.filter((action) => tagging.test(action)),
      Resource: '*',
      ...inRegion({ [`aws:RequestTag/${tag}`]: playbook }),
    },
    {
      Sid: 'CreateIn',
      Action: writes.filter((action) => inside.test(action)),
      Resource: ['vpc', 'subnet', 'route-table', 'elastic-ip'].map((kind) => `arn:aws:ec2:*:*:${kind}/*`),
      ...inRegion(),
    },
    {
      Sid: 'ChangeOwn',
      Action: writes.filter((action) => !tagging.test(action) && !untagged.test(action) && !global.test(action)),
      Resource: '*',
      ...inRegion({ [`aws:ResourceTag/${tag}`]: playbook }),
    },
    {
      Sid: 'Beside',
      Action: writes.filter((action) => untagged.test(action) && !global.test(action)),
      Resource: '*',
      ...inRegion(),
    },
    {
      Sid: 'Names',
      Action: writes.filter((action) => action.startsWith('route53:')),
      Resource: 'arn:aws:route53:::hostedzone/*',
    },
    {
      Sid: 'TagWhatIsMade',
      Action: all.filter((action) => action === 'ec2:CreateTags'),
      Resource: '*',
      ...inRegion({ [`aws:RequestTag/${tag}`]: playbook }),
    },
    {
      Sid: 'Profiles',
      Action: profiles,
      Resource: ['arn:aws:iam::*:role/runner/*', 'arn:aws:iam::*:instance-profile/runner/*'],
    },
    {
      Sid: 'PassRole',
      Action: all.filter((action) => action === 'iam:PassRole'),
      Resource: 'arn:aws:iam::*:role/*',
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
    {
      Sid: 'RolesOfServices',
      Action: all.filter((action) => action === 'iam:CreateServiceLinkedRole'),
      Resource: 'arn:aws:iam::*:role/aws-service-role/*',
      Condition: {
        StringEquals: {
          'iam:AWSServiceName': [
            'autoscaling.amazonaws.com',
            'elasticfilesystem.amazonaws.com',
            'elasticloadbalancing.amazonaws.com',
            'rds.amazonaws.com',
          ],
        },
      },
    },
  ]
  return {
    Version: '2012-10-17',
    Statement: statements
      .filter((one) => one.Action.length > 0)
      .map(({ Sid, ...rest }) => ({ Sid, ...rest, Effect: 'Allow' })),
  }
}
