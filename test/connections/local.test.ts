import { userInfo } from 'node:os'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { stepCases } from './step-cases.ts'

describe('steps on this machine', () => {
  stepCases(() => makeHostConnection('here', localTransport(), undefined, []), userInfo().username)
})
