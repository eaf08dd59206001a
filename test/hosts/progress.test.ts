import { expect } from 'chai'
import { startHost, type Host } from '../lab/host.ts'
import { makeStage, type Stage } from './playing.ts'

describe('the installation of packages', function () {
  this.timeout(240_000)
  let host: Host
  let stage: Stage
  before(async () => {
    host = await startHost()
    stage = makeStage(host)
  })
  after(async () => {
    stage?.close()
    await host?.close()
  })

  it('says how far it is, and shows none of that as output', async () => {
    const { events } = await stage.settle(
      '- hosts: web\n  become: true\n  tasks:\n    - name: Packages\n      system.package: { name: [tree, bc] }\n',
    )
    const told = events.flatMap((event) => (event.type === 'node.status' ? [event.text] : []))
    expect(told.join('\n')).to.match(/^\d+ % (downloading|Retrieving|Preparing|Unpacking|Installing|Configuring)/m)
    const printed = events.flatMap((event) => (event.type === 'node.output' ? [event.text] : [])).join('')
    expect(printed)
      .to.contain('Setting up tree')
      .and.not.match(/^(dl|pm)status:/m)
  })
})
