import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { fuzzCases } from './fuzz-cases.ts'
import { sshLab } from './ssh-lab.ts'
import { users } from './sshd.ts'

describe('anything at all', () => {
  const lab = sshLab()
  describe('on this machine', () => {
    const here = makeHostConnection('here', localTransport(), undefined, [])
    fuzzCases(() => here)
    after(async () => await here[Symbol.asyncDispose]())
  })
  describe('over SSH with dash', () => fuzzCases(() => lab.reach({})))
  describe('over SSH with bash', () => fuzzCases(() => lab.reach({ user: users.bash })))
  describe('through sudo', () => fuzzCases(() => lab.reach({}), 'root'))
})
