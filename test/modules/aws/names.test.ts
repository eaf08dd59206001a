import { setTimeout as sleep } from 'node:timers/promises'
import { AssociateAddressCommand, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { DetachRolePolicyCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from '@aws-sdk/client-route-53'
import { expect } from 'chai'
import type { Values } from '../../../runner/plan/unknown.ts'
import { Secret } from '../../../runner/secret.ts'
import { certificateCourse } from '../../lab/overlay/certificate-course.ts'
import { certificateTags } from '../../lab/overlay/certificates.ts'
import { makeCourses } from '../../lab/overlay/course.ts'
import { makeCertificates } from './certificates.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject, moduleOf } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
let emulator: Emulator
const courses = makeCourses()

describe('the modules for permissions, addresses, names and certificates, against an AWS in memory', () => {
  before(async function () {
    this.timeout(5 * 60_000)
    emulator = await startEmulator({}, [certificateTags(), certificateCourse(courses)])
  })
  after(() => emulator.close())

  it('aws.instance_profile', async () => {
    const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: 'arn:aws:secretsmanager:*' }
    const want = { name: 'books', policy: { Statement: [read] }, managed_policies: ['AmazonSSMManagedInstanceCore'] }
    const profile = await object('aws.instance_profile', want)
    expect(await profile.outputs()).to.deep.include({
      name: 'books',
      arn: 'arn:aws:iam::123456789012:instance-profile/runner/books',
      role_arn: 'arn:aws:iam::123456789012:role/runner/books',
    })
    const more = { ...want, policy: { Statement: [read, { Effect: 'Deny', Action: ['s3:*'], Resource: ['*'] }] } }
    await profile.becomes(more, 'update')
    await profile.becomes({ ...more, managed_policies: ['AmazonSSMManagedInstanceCore', 'ReadOnlyAccess'] }, 'update')
    const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess'
    await profile.becomes({ ...more, managed_policies: ['ReadOnlyAccess'], permissions_boundary: boundary }, 'update')

    const iam = await profile.cloud.client('iam')
    const RoleName = 'books'
    const all = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'backdoor', PolicyDocument: JSON.stringify(all) }))
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }))
    const anyone = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(anyone) }))
    await profile.putsBack('policy', 'managed_policies', 'trusted')

    await profile.becomes({ name: 'books' }, 'update')
    await profile.becomes({ name: 'books', path: '/runner/shop/' }, 'replace')
    await profile.goes()
  })

  it('aws.elastic_ip leads to an instance, then to another', async () => {
    const cloud = await emulator.cloud('Instances')
    const ec2 = await cloud.client('ec2')
    const made = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 2, MaxCount: 2 }))
    const [one = '', two = ''] = (made.Instances ?? []).map((instance) => instance.InstanceId ?? '')
    const address = await object('aws.elastic_ip', { name: 'proxy' })
    const before = await address.outputs()
    expect(before).to.have.all.keys('id', 'public_ip')
    await address.becomes({ name: 'proxy', instance: one }, 'update')
    await address.becomes({ name: 'proxy', instance: two }, 'update')
    expect(await address.outputs()).to.deep.equal({ ...before, instance: two })
    await ec2.send(
      new AssociateAddressCommand({ AllocationId: String(before['id']), InstanceId: one, AllowReassociation: true }),
    )
    await address.putsBack('instance')
    await address.goes()
  })

  it('aws.route53_record: an alias, values, and those in the forms that Route 53 gives them', async () => {
    const cloud = await emulator.cloud('Zone')
    const route53 = await cloud.client('route53')
    await route53.send(new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: '1' }))
    const alias = { dns_name: 'Shop-1.eu-central-1.elb.amazonaws.com', zone_id: 'Z215JYRZR1TBD5' }
    const shop = { zone: 'example.org', name: 'shop', alias }
    const record = await object('aws.route53_record', shop)
    expect(await record.outputs()).to.include({ name: 'shop.example.org' })
    await record.becomes({ ...shop, alias: { ...alias, evaluate_health: true } }, 'update')
    await record.becomes({ zone: 'example.org', name: 'shop', values: ['192.0.2.1', '192.0.2.2'] }, 'update')
    await record.becomes({ zone: 'example.org', name: 'shop', values: ['192.0.2.2'], ttl: 60 }, 'update')

    const star = await object('aws.route53_record', {
      zone: 'Example.org.',
      name: '*.shop.example.org',
      type: 'TXT',
      values: ['v=spf1 -all', `${'x'.repeat(300)}"`],
    })
    const mail = await object('aws.route53_record', {
      zone: 'example.org',
      name: '@',
      type: 'MX',
      values: ['10 Mail.example.org'],
    })
    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: String((await mail.outputs())['zone_id']),
        ChangeBatch: {
          Changes: [
            {
              Action: 'UPSERT',
              ResourceRecordSet: {
                Name: 'shop.example.org',
                Type: 'A',
                TTL: 60,
                ResourceRecords: [{ Value: '203.0.113.9' }],
              },
            },
          ],
        },
      }),
    )
    // what is not as the playbook says may be somebody else's
    expect((await failureOf(record.goes())).message).to.contain('not as this playbook made it')
    await record.putsBack('values')
    await Promise.all([record.goes(), star.goes(), mail.goes()])
  })

  it('says which zones there are when one is not', async () => {
    const module = await moduleOf('aws.route53_record')
    const cloud = await emulator.cloud('Record')
    const failure = await failureOf(module.read({ zone: 'example.com', name: 'shop' }, cloud))
    expect(failure.message).to.contain('no hosted zone example.com')
  })

  it('aws.certificate issued by AWS: it makes the record that proves the domain, and takes it away again', async () => {
    const want = { name: 'shop', domain: 'shop.example.org', zone: 'example.org', alternatives: ['*.shop.example.org'] }
    const certificate = await object('aws.certificate', want)
    const outputs = await certificate.outputs()
    expect(outputs).to.include.keys('arn', 'expires', 'validation')
    const { recordsOf, zoneOf } = await import('../../../runner/modules/aws/read-route53.ts')
    const proofs = async () => {
      certificate.cloud.changed('')
      const records = await recordsOf(await zoneOf('example.org', certificate.cloud), certificate.cloud)
      return records.filter((record) => record.Type === 'CNAME').map((record) => record.Name)
    }
    expect(await proofs()).to.have.length.greaterThan(0)
    await certificate.becomes({ ...want, alternatives: [] }, 'replace')
    expect((await certificate.outputs())['arn']).to.not.equal(outputs['arn'])
    await certificate.goes()
  })

  it('aws.certificate is issued when AWS has found the record, whoever made it, and not before', async () => {
    const want = { name: 'later', domain: 'later.example.org' }
    let issued = false
    const made = object('aws.certificate', want).then((certificate) => {
      issued = true
      return certificate
    })
    const { read } = await moduleOf('aws.certificate')
    const cloud = await emulator.cloud('Looking')
    let record: { readonly name: string; readonly type: string; readonly value: string } | undefined
    while (record === undefined) {
      cloud.changed('')
      const seen = (await read(want, cloud)) as
        | { readonly validation: readonly NonNullable<typeof record>[] }
        | undefined
      record = seen?.validation[0]
    }
    // moto would issue it after a second by itself
    await sleep(2000)
    expect(issued).to.equal(false)
    const { zoneOf } = await import('../../../runner/modules/aws/read-route53.ts')
    const ResourceRecordSet = {
      Name: record.name,
      Type: 'CNAME' as const,
      TTL: 60,
      ResourceRecords: [{ Value: record.value }],
    }
    await (
      await cloud.client('route53')
    ).send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: (await zoneOf('example.org', cloud)).id,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
      }),
    )
    await (await made).goes()
  })

  it('aws.certificate that AWS does not issue: the wait ends with what AWS says', async () => {
    for (const [ends, said] of [
      ['FAILED', 'the certificate failed was not issued: FAILED, CAA_ERROR'],
      ['VALIDATION_TIMED_OUT', 'the certificate validation_timed_out was not issued: VALIDATION_TIMED_OUT'],
    ] as const) {
      courses.set('certificate', { ends })
      const name = ends.toLowerCase()
      const want = { name, domain: `${name.replaceAll('_', '-')}.example.org`, zone: 'example.org' }
      expect((await failureOf(object('aws.certificate', want))).message).to.equal(said)
    }
    courses.clear()
  })

  it('aws.certificate brought in: a renewed one comes under the same ARN, and its key is shown nowhere', async () => {
    const [first, second] = await makeCertificates()
    const want = { name: 'acme', certificate: first.certificate, private_key: new Secret(first.key) }
    const certificate = await object('aws.certificate', want)
    const { arn } = await certificate.outputs()
    expect((await certificate.outputs())['expires']).to.equal('2036-01-01')
    const renewed = { name: 'acme', certificate: second.certificate, private_key: new Secret(second.key) }
    await certificate.becomes(renewed, 'update')
    expect(await certificate.outputs()).to.include({ arn, expires: '2037-01-01' })
    await certificate.becomes(want, 'update')
    await certificate.goes()
  })
})
