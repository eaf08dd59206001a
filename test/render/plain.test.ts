import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import { plainRenderer } from '../../runner/render/plain.ts'

/** What pipes and reports of past runs get to read of these events. */
function told(...events: readonly object[]): string {
  let text = ''
  const stdout = { write: (more: string) => ((text += more), true) } as unknown as NodeJS.WriteStream
  const renderer = plainRenderer({ stdout, width: () => 80, colour: false, verbose: false, diff: false })
  for (const event of events) renderer.event({ t: 0, ...event } as Event)
  return text
}

const ready = {
  node: 'a',
  task: 'Balancer',
  where: 'aws',
  module: 'aws.load_balancer',
  phase: 'ready',
  action: 'create',
}

describe('plain text', () => {
  it('tells the end of what it said would take long, however quick it was', () => {
    expect(
      told({ type: 'node.start', ...ready, usual: 150 }, { type: 'node.done', ...ready, result: 'ok', seconds: 0.01 }),
    ).to.equal('  … Balancer: waiting until it is ready, usually 2 min 30 s\n  ✓ Balancer ready\n')
  })

  it('says nothing of what is quick and was no news', () => {
    expect(
      told({ type: 'node.start', ...ready, usual: 5 }, { type: 'node.done', ...ready, result: 'ok', seconds: 0.01 }),
    ).to.equal('')
  })
})
