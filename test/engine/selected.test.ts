import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { users } from '../connections/sshd.ts'
import { sshHosts } from './ssh-hosts.ts'

/** Which tasks and hosts the command line selects, and as whom they are done: on three hosts behind a real sshd. */
describe('selected tasks', function () {
  this.timeout(120_000)
  const lab = sshHosts()
  const lines = (name: string): readonly string[] => (lab.file(name) ?? '').split('\n').filter(Boolean)

  it('selects by --limit, --tags, --skip-tags and --start-at, also in blocks and imports', async () => {
    writeFileSync(
      join(lab.runner.folder, 'more.yml'),
      '- name: Imported\n  system.debug: { msg: x }\n  tags: inner\n- name: Imported too\n  system.debug: { msg: x }\n',
    )
    const words = lab.write(`
- hosts: web
  tasks:
    - name: One
      system.copy: { dest: 'TMP/one-{{ inventory_hostname }}', content: x }
      tags: [first, files]
    - block:
        - name: Two
          system.copy: { dest: 'TMP/two-{{ inventory_hostname }}', content: x }
      tags: files
    - import_tasks: more.yml
      tags: more
    - name: Three
      system.copy: { dest: 'TMP/three-{{ inventory_hostname }}', content: x }
      tags: always
    - name: Asked for
      system.debug: { msg: x }
      tags: [never, rare]
`)
    const tasks = async (...more: readonly string[]): Promise<string> => {
      const { entries } = await lab.runner.plan(...words, '-l', 'h1', ...more)
      return entries.map(({ task }) => task).join(' ')
    }
    expect(await tasks()).to.equal('One Two Imported Imported too Three')
    expect(await tasks('-t', 'files')).to.equal('One Two Three')
    expect(await tasks('-t', 'inner')).to.equal('Imported Three')
    expect(await tasks('-t', 'more', '--skip-tags', 'inner')).to.equal('Imported too Three')
    expect(await tasks('--skip-tags', 'files,more')).to.equal('Three')
    expect(await tasks('-t', 'tagged')).to.equal('One Two Imported Imported too Three')
    expect(await tasks('-t', 'rare')).to.equal('Three Asked for')
    expect(await tasks('--start-at', 'Imported')).to.equal('Imported Imported too Three')
    const hosts = async (pattern: string): Promise<readonly string[]> => {
      const { entries } = await lab.runner.plan(...words, '--limit', pattern, '-t', 'first')
      return entries.filter(({ task }) => task === 'One').map(({ where }) => where)
    }
    expect(await hosts('h[12]')).to.deep.equal(['h1', 'h2'])
    expect(await hosts('web:!h2')).to.deep.equal(['h1', 'h3'])
    expect(await hosts('web:&h3')).to.deep.equal(['h3'])
    for (const [flag, value, code] of [
      ['--limit', 'nowhere', 'E132'],
      ['--start-at', 'Nothing', 'E781'],
      ['--tags', 'nothing', 'E782'],
    ] as const) {
      const { exit, stderr } = await lab.runner.run('plan', ...words, flag, value)
      expect([exit, stderr.includes(code)], `${flag} ${value}: ${stderr}`).to.deep.equal([4, true])
    }
  })

  it('is no fault of what is not selected that what it refers to was not done', async () => {
    const words = lab.write(`
- hosts: h1
  tasks:
    - name: Asks
      system.shell: printf yes
      register: asked
    - name: Says
      system.debug: '{{ asked.stdout }}'
    - name: Chosen
      system.debug: chosen
      tags: chosen
`)
    const { entries } = await lab.runner.plan(...words, '-t', 'chosen')
    expect(entries.map(({ task }) => task)).to.deep.equal(['Chosen'])
    const said = async (...more: readonly string[]): Promise<readonly unknown[]> => {
      const { exit, events } = await lab.runner.apply(...words, ...more)
      return [exit, ...events.flatMap((event) => (event.type === 'node.done' ? (event.message ?? []) : []))]
    }
    expect(await said('-t', 'chosen')).to.deep.equal([0, 'chosen'])
    expect(await said()).to.deep.equal([0, 'yes', 'chosen'])
  })

  it('become by play and task, environment, and facts of the host', async () => {
    const { exit, stderr } = await lab.runner.apply(
      ...lab.write(`
- hosts: h1
  environment: { COLOUR: red }
  tasks:
    - name: Root
      system.shell: { cmd: 'id -un > TMP/root' }
      become: true
    - name: Somebody
      system.shell: { cmd: 'id -un > TMP/other' }
      become: true
      become_user: ${users.none}
    - name: Self
      system.shell: { cmd: 'echo "$(id -un) $COLOUR $SIZE" > TMP/self' }
      environment: { SIZE: '{{ 2 + 3 }}' }
    - name: Facts
      system.copy: { dest: TMP/facts, content: '{{ facts.system }}' }
`),
    )
    expect(exit, stderr).to.equal(0)
    expect(lines('root')).to.deep.equal(['root'])
    expect(lines('other')).to.deep.equal([users.none])
    expect(lines('self')).to.deep.equal([`${users.free} red 5`])
    expect(lab.file('facts')).to.match(/linux/i)
  })
})
