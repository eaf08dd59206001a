import { ImportCertificateCommand } from '@aws-sdk/client-acm'
import { CreateRuleCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect } from 'chai'
import type { CloudModule } from '../../../runner/modules/module.ts'
import { findModule } from '../../../runner/modules/find.ts'
import type { Values } from '../../../runner/plan/unknown.ts'
import { makeCertificates } from './certificates.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { failureOf, makeObject } from './object.ts'

const object = async (name: string, first: Values) => await makeObject(emulator.cloud, name, first)
let emulator: Emulator
let vpc: string
let subnets: readonly string[]
let certificate: string

describe('aws.load_balancer and aws.target_group, all that they can be told', () => {
  before(async function () {
    this.timeout(5 * 60_000)
    emulator = await startEmulator()
    const cloud = await emulator.cloud('Network')
    const network = (await findModule('aws.network')) as CloudModule
    const found = await network.read({ vpc: 'default', zones: 3 }, cloud)
    vpc = found.id
    subnets = found.publicSubnets
    const [pair] = await makeCertificates()
    const bytes = (text: string) => new TextEncoder().encode(text)
    const acm = await cloud.client('acm')
    const { CertificateArn = '' } = await acm.send(
      new ImportCertificateCommand({ Certificate: bytes(pair.certificate), PrivateKey: bytes(pair.key) }),
    )
    certificate = CertificateArn
  })
  after(() => emulator.close())

  it('speaks HTTPS with a policy of today, sends visitors of port 80 there, and follows its rules', async () => {
    const targets = await object('aws.target_group', { name: 'books', port: 80, vpc })
    const forward = String((await targets.outputs())['arn'])
    const web = { port: 80, protocol: 'HTTP', default: { redirect: 'https' } }
    const secure = { port: 443, protocol: 'HTTPS', certificate, default: { forward } }
    const want = { name: 'books', subnets, listeners: [web, secure] }
    const balancer = await object('aws.load_balancer', want)
    const rules = [
      { hosts: ['Shop.example.org', '*.example.org'], forward },
      { paths: ['/old/*'], fixed: { status: 410, text: 'gone' } },
    ]
    const ruled = { ...want, listeners: [web, { ...secure, rules }] }
    await balancer.becomes(ruled, 'update')
    await balancer.becomes({ ...want, listeners: [web, { ...secure, rules: rules.toReversed() }] }, 'update')
    await balancer.becomes({ ...want, listeners: [web, { ...secure, rules: rules.slice(0, 1) }] }, 'update')
    await balancer.becomes(ruled, 'update')

    const elb = await balancer.cloud.client('elb')
    const { listenersOf } = await import('../../../runner/modules/aws/read-elb.ts')
    const listeners = await listenersOf(String((await balancer.outputs())['arn']), balancer.cloud)
    const arnOf = (port: number): string => listeners.find((one) => one.Port === port)?.ListenerArn ?? ''
    const answer = { StatusCode: '200', ContentType: 'text/plain', MessageBody: 'hello' }
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: arnOf(443),
        Priority: 500,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/backdoor'] } }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: answer }],
      }),
    )
    await elb.send(
      new ModifyListenerCommand({
        ListenerArn: arnOf(80),
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: answer }],
      }),
    )
    await balancer.putsBack('listeners')

    const older = { ...secure, ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }
    await balancer.becomes({ ...want, listeners: [web, older] }, 'update')
    const settings = { drop_invalid_headers: false, deletion_protection: true, idle_timeout: 30 }
    const kept = { ...want, ...settings, listeners: [web] }
    await balancer.becomes(kept, 'update')
    expect((await failureOf(balancer.goes())).message).to.contain('protected against deletion')
    await balancer.becomes({ ...kept, deletion_protection: false }, 'update')
    await balancer.goes()
    await targets.goes()
  })

  it('stands with fixed addresses before another balancer', async () => {
    const forward = await object('aws.load_balancer', {
      name: 'inner',
      subnets,
      listeners: [{ port: 80, protocol: 'HTTP', default: { fixed: { status: 200 } } }],
    })
    const inner = String((await forward.outputs())['arn'])
    const targets = await object('aws.target_group', {
      name: 'outer',
      port: 80,
      protocol: 'TCP',
      vpc,
      target_type: 'alb',
      health_check: { protocol: 'HTTP', path: '/readyz' },
      targets: [inner],
    })
    const want = {
      name: 'outer',
      type: 'network',
      subnets: subnets.slice(0, 2),
      listeners: [{ port: 80, protocol: 'TCP', default: { forward: String((await targets.outputs())['arn']) } }],
    }
    const balancer = await object('aws.load_balancer', want)
    await balancer.becomes({ ...want, subnets }, 'update')
    await balancer.goes()
    await targets.goes()
    await forward.goes()
  })

  it('changes of a target group just what differs', async () => {
    const want = { name: 'machines', port: 80, vpc, target_type: 'ip', targets: ['10.0.0.1', '10.0.0.2'] }
    const targets = await object('aws.target_group', want)
    await targets.becomes({ ...want, targets: ['10.0.0.2', '10.0.0.3'] }, 'update')
    await targets.becomes({ ...want, algorithm: 'least_outstanding_requests' }, 'update')
    const before = emulator.calls()
    const calls = { ...before }
    await targets.becomes({ ...want, algorithm: 'least_outstanding_requests', deregistration_delay: 5 }, 'update')
    const after = emulator.calls()
    const writes = Object.keys(after).filter((name) => !/:(Describe|Get|List)/.test(name))
    expect(writes.filter((name) => after[name] !== calls[name])).to.deep.equal(['elb:ModifyTargetGroupAttributes'])
    await targets.goes()
  })
})
