import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { makeMask } from '../runner/mask.ts'
import { encodings } from './encodings.ts'

describe('the mask', () => {
  const secrets = [
    'hunter2x',
    `p"a's$s \\w&<ö>/+=%`,
    '-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----',
    "'''",
    'a-zA-Z.*',
  ]

  it('takes a secret out in every form that programs write', () => {
    for (const secret of secrets.filter((one) => one.length >= 4)) {
      const mask = makeMask()
      mask.learn(secret)
      for (const [how, text] of Object.entries(encodings(secret))) {
        const masked = mask.text(`before ${text} after`)
        expect(masked, how).to.contain('[secret]').and.not.contain(text)
        expect(masked.slice(0, 7) + masked.slice(-6), how).to.equal('before  after')
      }
    }
  })

  it('takes it out of base64 wherever it begins there, and of what a shell prints', () => {
    const mask = makeMask()
    mask.learn('correct horse')
    for (const user of ['', 'a', 'ab', 'abc', 'abcd']) {
      const encoded = Buffer.from(`${user}correct horse${user}`).toString('base64')
      expect(mask.text(encoded), user).to.contain('[secret]')
    }
    const printed = execFileSync('bash', ['-c', `s="p'a\\$s w\\"rd"; printf '%q\\n' "$s"; set -x; : "$s"`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    mask.learn(`p'a$s w"rd`)
    expect(mask.text(printed)).to.equal('[secret]\n')
  })

  it('leaves alone what is no secret, and goes through plain data', () => {
    const mask = makeMask()
    expect(mask.text('hunter2x')).to.equal('hunter2x')
    mask.learn('abc')
    mask.learn('   ')
    expect(mask.text('abc    ')).to.equal('abc    ')
    mask.learn('hunter2x')
    const date = { when: [1, null, true, { hunter2x: 'is hunter2x' }] }
    expect(mask.deep(date)).to.deep.equal({ when: [1, null, true, { '[secret]': 'is [secret]' }] })
    expect(date.when[3]).to.deep.equal({ hunter2x: 'is hunter2x' })
  })
})
