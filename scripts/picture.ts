import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DescribeSecurityGroupsCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2'
import { renderPlan } from '../runner/render/plan.ts'
import { clientsFor } from '../test/lab/aws-clients.ts'
import { cloudPart } from '../test/lab/cloud-part.ts'
import { startEmulator } from '../test/lab/emulator.ts'
import { makeRunner } from '../test/lab/runner.ts'
import { terminalSvg } from './terminal-svg.ts'

/** Makes docs/plan.svg, the README's picture: the mission's cloud part is deployed to the emulator, edited, and planned again. */
const emulator = await startEmulator()
const runner = makeRunner(emulator.env)
try {
  const words = [cloudPart(runner, 'objective2.yml'), '-i', 'inventory/lab.yml']
  const applied = await runner.apply(...words)
  if (applied.exit !== 0) throw new Error(applied.stderr)
  const file = join(runner.folder, 'playbooks', 'objective2.yml')
  const edit = (text: string, instead: string): void => {
    const before = readFileSync(file, 'utf8')
    if (!before.includes(text)) throw new Error(`no ${text}`)
    writeFileSync(file, before.replace(text, instead))
  }
  edit('max_size: 6', 'max_size: 8')
  edit('class: "{{ db_class }}"', 'class: db.r6gd.large')
  // somebody has been in the console
  const { ec2 } = clientsFor(emulator.endpoint)
  const { SecurityGroups: [group] = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['bookstore-balancer'] }] }),
  )
  await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: group?.GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  )
  const plan = await runner.plan(...words)
  const text = renderPlan(plan, { width: 92, colour: true, diff: false, verbose: false })
  writeFileSync(
    new URL('../docs/plan.svg', import.meta.url),
    terminalSvg(`$ runner plan playbooks/objective2.yml\n${text}`, 92),
  )
} finally {
  runner.close()
  await emulator.close()
}
