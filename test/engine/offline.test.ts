import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { planSchema } from '../../runner/schemas/outputs.ts'
import { makeRunner, type Runner } from '../lab/runner.ts'

const validate = new Ajv({ strict: false }).compile(planSchema)

/** A plan with nothing read: what a first apply into an empty account would do. */
describe('plan --offline', () => {
  let runner: Runner
  before(() => {
    runner = makeRunner({})
  })
  after(() => runner.close())

  it('needs neither credentials nor network, and knows that an empty account holds nothing', async () => {
    const plan = await runner.plan('playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline')
    expect(plan.counts).to.deep.include({ unknown: 0, delete: 0, replace: 0 })
    const group = plan.entries.find((entry) => entry.task === 'Database access')
    expect(group).to.deep.include({ action: 'create' })
    expect(group?.fields.find((field) => field.path === 'ingress')).to.deep.include({ known: false })
  })

  it('says how long the whole usually takes: the critical path of its graph', async () => {
    const { course, entries } = await runner.plan('playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline')
    const tasks = new Map(entries.map(({ node, task }) => [node, task]))
    const long = (course?.critical ?? []).filter(({ seconds }) => seconds >= 60)
    expect(long.map(({ node }) => tasks.get(node))).to.deep.equal([
      'Database cluster',
      'Application image',
      'Scaling group',
    ])
    const { stdout } = await runner.run('graph', 'playbooks/objective2.yml', '-i', 'inventory/lab.yml', '-o', 'json')
    const graph = JSON.parse(stdout) as { readonly seconds: number; readonly critical: readonly string[] }
    expect(course?.seconds).to.equal(Math.round(graph.seconds))
    expect(course?.critical.map(({ node }) => node)).to.deep.equal(graph.critical)
  })

  it('does not take hundreds of small files for work of minutes, nor an installation for a moment', async () => {
    const files = Array.from({ length: 300 }, (_, at) => ({
      name: `File ${at}`,
      'system.copy': { dest: `/srv/file${at}`, content: String(at) },
    }))
    const engine = { name: 'Docker', 'docker.engine': {} }
    const lasts = async (tasks: readonly object[]): Promise<number> => {
      writeFileSync(join(runner.folder, 'tasks.yml'), JSON.stringify([{ hosts: 'box', tasks }]))
      writeFileSync(join(runner.folder, 'box.yml'), 'all: { hosts: { box: { address: 192.0.2.1, user: ubuntu } } }\n')
      return (await runner.plan('tasks.yml', '-i', 'box.yml', '--offline')).course?.seconds ?? 0
    }
    expect(await lasts(files)).to.be.within(10, 59)
    expect(await lasts([engine])).to.be.within(30, 120)
  })

  it('says what it costs a month, exactly, and names what it has no price for', async () => {
    const { stdout } = await runner.run('plan', 'playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline')
    expect(stdout).to.match(
      /\nCost: about \+\$[\d.]+ a month, up to \+\$[\d.]+ at the greatest sizes \(list\s+prices of/,
    )
    const plan = await runner.plan('playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline')
    const { cost } = plan
    // what -o json prints is as its schema says
    expect(validate(plan), JSON.stringify(validate.errors)).to.equal(true)
    // two instances at first, six at the most
    const group = cost?.entries.find(({ node }) => node.includes('scaling-group'))
    expect(group).to.deep.include({ before: '0', after: '30.368', difference: '30.368' })
    expect(group?.max).to.deep.equal({ before: '0', after: '91.104', difference: '91.104' })
    expect(cost?.unpriced.map(({ what }) => what)).to.include.members([
      'rds multi-az cluster mysql db.m6gd.large',
      'EFS storage and throughput',
      'data transfer',
    ])
  })

  it('is dearer elsewhere, or has no price there', async () => {
    const words = ['playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline', '-e', 'region=sa-east-1']
    const { cost } = await runner.plan(...words)
    expect(cost).to.deep.include({ regions: [], entries: [], difference: '0' })
    expect(cost?.unpriced.map(({ what, why }) => `${what}: ${why}`)).to.include('ec2 t3.small: no price in sa-east-1')
  })
})
