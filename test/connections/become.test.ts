import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import type { Step } from '../../runner/connections/connection.ts'
import { Secret } from '../../runner/secret.ts'
import { openLumped } from './lumped.ts'
import { sshLab, whoami } from './ssh-lab.ts'
import { password, users } from './sshd.ts'
import { commandLines, failing } from './watching.ts'

describe('other users', () => {
  const lab = sshLab()

  it('becomes root and others through sudo, and stays itself where nothing is to be done', async () => {
    const connection = lab.reach({})
    expect(await lab.said(connection, 'root')).to.equal('root')
    expect(await lab.said(connection, users.none)).to.equal(users.none)
    expect(await lab.said(lab.reach({ user: users.none }), users.none)).to.equal(users.none)
    const path = join(lab.home, 'owned')
    await connection.run([{ kind: 'upload', path, content: 'x', owner: users.none, group: 'root', mode: '0604' }], {
      become: 'root',
    })
    const { uid, gid, mode } = statSync(path)
    expect({ uid, gid, mode: mode & 0o7777 }).to.deep.equal({
      uid: Number(execFileSync('id', ['-u', users.none])),
      gid: 0,
      mode: 0o604,
    })
  })

  it('gives sudo the password, which shows on no command line', async () => {
    const connection = lab.reach({ user: users.asked, becomePassword: new Secret(password) })
    const steps: Step[] = [whoami, { kind: 'exec', argv: ['sleep', '1'] }]
    const running = connection.run(steps, { become: 'root' })
    await wait(700)
    expect(commandLines().filter((text) => text.includes(password))).to.deep.equal([])
    expect((await running)[0]).to.deep.equal({ stdout: 'root\n', stderr: '', code: 0 })
  })

  it('explains what sudo refuses', async () => {
    const wrong = await failing(
      lab.reach({ user: users.asked, becomePassword: new Secret('wrong') }).run([whoami], { become: 'root' }),
    )
    expect(wrong).to.include({ code: 'E722' })
    expect(wrong.message).to.contain('does not accept the password')
    const needed = await failing(lab.reach({ user: users.asked }).run([whoami], { become: 'root' }))
    expect(needed).to.include({ code: 'E722' })
    expect(needed.message).to.contain('wants a password')
    expect(await failing(lab.reach({ user: users.none }).run([whoami], { become: 'root' }))).to.include({
      code: 'E722',
      passing: false,
    })
    expect((await failing(lab.reach({}).run([whoami], { become: 'no-such-user' }))).message).to.contain(
      'no user no-such-user',
    )
  })

  it('has more users at a time than sshd allows channels, and comes back to the first', async () => {
    const connection = lab.reach({})
    // users of the system, each with a shell of its own
    const names = [
      'root',
      'daemon',
      'bin',
      'sys',
      'games',
      'man',
      'lp',
      'mail',
      'news',
      'uucp',
      'proxy',
      'www-data',
      'nobody',
    ]
    const said = async (): Promise<readonly unknown[]> =>
      await Promise.all(names.map(async (name) => await lab.said(connection, name)))
    expect(await said()).to.deep.equal(names)
    expect(await said()).to.deep.equal(names)
  })

  it('explains a sudo that wants a terminal', async () => {
    const rule = `/etc/sudoers.d/zz-${users.none}`
    writeFileSync(rule, `${users.none} ALL=(ALL) NOPASSWD: ALL\nDefaults:${users.none} requiretty\n`, { mode: 0o440 })
    try {
      const refused = await failing(lab.reach({ user: users.none }).run([whoami], { become: 'root' }))
      expect(refused).to.include({ code: 'E722', passing: false })
      expect(refused.message).to.contain('`requiretty`')
    } finally {
      rmSync(rule)
    }
  })

  it('is not disturbed by what start-up files print', async () => {
    const file = `/home/${users.bash}/.bashrc`
    writeFileSync(file, 'echo "Welcome"; echo "mind the gap" >&2; printf "no line end"\n')
    try {
      for (const become of [undefined, 'root'])
        expect(await lab.said(lab.reach({ user: users.bash }), become)).to.equal(become ?? users.bash)
    } finally {
      rmSync(file)
    }
  })

  it('explains a log-in that runs no commands, and does not try it again', async () => {
    const file = `/home/${users.bash}/.bashrc`
    const keys = `/home/${users.none}/.ssh/authorized_keys`
    const key = readFileSync(keys, 'utf8')
    writeFileSync(file, 'exit\n')
    // as on the images of EC2
    writeFileSync(keys, `command="echo 'Please login as the user \\"ubuntu\\"';echo;exit 142" ${key}`)
    try {
      const said = { [users.bash]: 'exit status 0', [users.none]: 'Please login as the user "ubuntu"' }
      for (const user of [users.bash, users.none]) {
        for (const options of [{}, { become: 'root' }]) {
          const error = await failing(lab.reach({ user }).run([whoami], options))
          expect(error, error.message).to.include({ code: 'E734', passing: false })
          expect(error.message).to.contain(`${user} may log in to box, but not run commands: ${said[user]}`)
        }
      }
    } finally {
      rmSync(file)
      writeFileSync(keys, key)
    }
  })

  it('explains it though sudo’s end comes together with word that it began', async () => {
    const way = await openLumped(lab.sshd.port)
    const refused = await failing(lab.reach({ user: users.none, port: way.port }).run([whoami], { become: 'root' }))
    expect(refused).to.include({ code: 'E722', passing: false })
    way.close()
  })

  it('ends what root runs when the time is over, with password too', async () => {
    for (const place of [{}, { user: users.asked, becomePassword: new Secret(password) }]) {
      const mark = String(33_000_000 + Math.floor(Math.random() * 1_000_000))
      const error = await failing(
        lab.reach(place).run([{ kind: 'script', text: `timeout 99 sleep ${mark} & sleep ${mark}` }], {
          become: 'root',
          timeout: 1,
        }),
      )
      expect(error).to.have.property('code', 'E725')
      expect(commandLines().filter((text) => text.includes(mark))).to.deep.equal([])
    }
  })
})
