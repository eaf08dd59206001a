import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { startEmulator, type Emulator } from '../lab/emulator.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'
import { makeCertificates } from '../modules/aws/certificates.ts'

describe('a certificate that ends soon', function () {
  this.timeout(120_000)
  let emulator: Emulator
  let runner: Runner

  before(async () => {
    emulator = await startEmulator()
    runner = makeRunner(emulator.env)
    const [pair] = await makeCertificates()
    writeFileSync(join(runner.folder, 'full.pem'), pair.certificate)
    writeFileSync(join(runner.folder, 'key.pem'), pair.key)
  })
  after(async () => {
    runner?.close()
    await emulator?.close()
  })

  const playbook = (days: number): string => {
    const text = `- hosts: localhost
  tasks:
    - name: Own certificate
      aws.certificate: { name: own, certificate_file: full.pem, private_key: !secret file:key.pem, warn_days: ${days} }
`
    writeFileSync(join(runner.folder, 'own.yml'), text)
    return 'own.yml'
  }

  it('is warned of by every plan, though nothing is to change', async () => {
    expect((await runner.apply(playbook(30))).exit).to.equal(0)
    expect((await runner.run('plan', playbook(30))).stderr).to.not.contain('ends on')
    const { exit, stderr } = await runner.run('plan', playbook(10_000))
    expect(exit).to.equal(0)
    expect(stderr).to.contain('the certificate ends on 2036-01-01').and.contain('W768')
    expect(changes(await runner.plan('own.yml'))).to.deep.equal([])
  })
})
