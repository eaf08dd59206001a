import { expect } from 'chai'
import { makePrinting } from '../../runner/engine/printing.ts'
import { progress } from '../../runner/modules/docker/pull-progress.ts'

describe('what programs say of how far they are', () => {
  it('is told now and then, and the last of it in the end, however quick it was', () => {
    const said: string[] = []
    let now = 1000
    const printing = makePrinting(
      (event) => said.push(event.type === 'node.status' || event.type === 'node.output' ? event.text : event.type),
      () => now,
    )
    const pulls = (text: string): void => printing.take('node', 'stderr', `0a1b2c3d4e5f ${text}\n`, progress)
    pulls('Pulling fs layer')
    pulls('Downloading [>  ]  1MB/40MB')
    now += 600
    pulls('Downloading [=> ]  10MB/40MB')
    pulls('Pull complete')
    printing.take('node', 'stdout', 'up\n', progress)
    printing.end('node')
    printing.end('node')
    expect(said).to.deep.equal([
      'pulled 0 of 1 layers',
      'pulled 0 of 1 layers, 10.0 of 40.0 MB',
      'up\n',
      'pulled 1 of 1 layers, 40.0 of 40.0 MB',
    ])
  })
})
