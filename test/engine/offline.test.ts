import { expect } from 'chai'
import { makeRunner, type Runner } from '../lab/runner.ts'

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
})
