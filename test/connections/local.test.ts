import { userInfo } from 'node:os'
import process from 'node:process'
import { expect } from 'chai'
import { makeHostConnection } from '../../runner/connections/connect-host.ts'
import { localTransport } from '../../runner/connections/local.ts'
import { stepCases } from './step-cases.ts'

describe('steps on this machine', () => {
  stepCases(() => makeHostConnection('here', localTransport(), undefined, []), userInfo().username)

  it('have temporary files elsewhere, where the usual place cannot be written to', async () => {
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = '/nowhere'
    try {
      const connection = makeHostConnection('here', localTransport(), undefined, [])
      const [output] = await connection.run([{ kind: 'script', text: 'file=$(mktemp) && rm "$file" && echo "$file"' }])
      await connection[Symbol.asyncDispose]()
      expect(output).to.include({ code: 0, stderr: '' })
      expect(output?.stdout).to.match(/^\/var\/tmp\/\S+\n$/)
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
  })
})
