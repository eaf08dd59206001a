import { expect } from 'chai'
import { clientsFor } from './aws-clients.ts'
import { startEmulator, type Emulator } from './emulator.ts'
import { questions } from './questions.ts'
import { startSecondEmulator, type SecondEmulator } from './second-emulator.ts'

/** A rule of the overlay that believes something wrong of AWS shows here, and so does a gap of ministack that closes (docs/emulators.md). */
describe('two emulators asked the same', function () {
  this.timeout(5 * 60_000)
  let first: Emulator
  let second: SecondEmulator
  before(async () => {
    ;[first, second] = await Promise.all([startEmulator(), startSecondEmulator()])
  })
  after(async () => {
    await Promise.all([first?.close(), second?.close()])
  })

  for (const [what, ask, aws, ministack = aws] of questions)
    it(`${what}: as AWS answers`, async () => {
      const answers = [await ask(clientsFor(first.endpoint)), await ask(clientsFor(second.endpoint))]
      expect(answers).to.deep.equal([aws, ministack])
    })
})
