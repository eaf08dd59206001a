import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { commandLines } from '../connections/watching.ts'
import { runGroup } from './group.ts'

describe('a process with tests', function () {
  let folder: string
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'group-'))))
  after(() => rmSync(folder, { recursive: true, force: true }))

  const run = async (script: string, milliseconds: number) => {
    const output = join(folder, 'output')
    const began = performance.now()
    const ended = await runGroup(['sh', '-c', script], output, milliseconds)
    return { ...ended, said: readFileSync(output, 'utf8'), seconds: (performance.now() - began) / 1000 }
  }
  /** A killed one is there for a moment more. */
  const gone = async (seconds: number): Promise<void> => {
    const sleeping = () => commandLines().filter((line) => line === `sleep\0${seconds}\0`)
    for (let left = 50; left > 0 && sleeping().length > 0; left--) await wait(100)
    expect(sleeping()).to.deep.equal([])
  }

  it('is over when it ends, though what it left behind holds its output, and that is ended, too', async () => {
    const { exit, timedOut, said, seconds } = await run('echo said; sleep 12345 & exit 3', 60_000)
    expect({ exit, timedOut, said }).to.deep.equal({ exit: 3, timedOut: false, said: 'said\n' })
    expect(seconds).to.be.lessThan(30)
    await gone(12345)
  })

  it('is ended with all that it started when its time is over', async () => {
    const { exit, timedOut, seconds } = await run('sleep 12346 & exec sleep 12346', 300)
    expect({ exit, timedOut }).to.deep.equal({ exit: 'SIGTERM', timedOut: true })
    expect(seconds).to.be.within(0.3, 30)
    await gone(12346)
  })

  it('is killed when it does not end as it is asked to', async () => {
    const { exit, timedOut } = await run("trap '' TERM; while :; do sleep 1; done", 300)
    expect({ exit, timedOut }).to.deep.equal({ exit: 'SIGKILL', timedOut: true })
  })
})
