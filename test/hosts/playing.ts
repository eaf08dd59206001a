import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Event } from '../../runner/engine/event.ts'
import type { Plan } from '../../runner/plan/plan.ts'
import type { Host } from '../lab/host.ts'
import { changes, makeRunner, type Runner } from '../lab/runner.ts'

/** Playbooks against one real host, given as text; the same file each time, as a user would edit it. */
export interface Stage {
  plan(playbook: string): Promise<Plan>
  apply(playbook: string): Promise<Applied>
  destroy(playbook: string): Promise<{ readonly exit: number; readonly stderr: string }>
  /** Applies, and expects all to go well as planned, and nothing to be left for a second plan. */
  settle(playbook: string): Promise<Applied>
  close(): void
}

export interface Applied {
  readonly exit: number
  /** What failed, and with what message. */
  readonly failed: readonly { readonly task: string; readonly message: string }[]
  readonly changed: readonly string[]
  readonly events: readonly Event[]
  readonly stderr: string
}

export function makeStage(host: Pick<Host, 'sshConfig'>, address = 'host.example.com'): Stage {
  const runner: Runner = makeRunner({})
  const file = join(runner.folder, 'playbook.yml')
  const inventory = join(runner.folder, 'hosts.yml')
  writeFileSync(inventory, `all:\n  hosts:\n    web: { address: ${address}, user: ubuntu }\n`)
  const words = ['playbook.yml', '-i', 'hosts.yml', '-F', host.sshConfig]
  const write = (playbook: string): void => writeFileSync(file, playbook)
  const apply = async (playbook: string): Promise<Applied> => {
    write(playbook)
    const { exit, events, stderr } = await runner.apply(...words)
    const done = events.filter((event) => event.type === 'node.done')
    return {
      exit,
      events,
      stderr,
      failed: done.flatMap((event) =>
        event.type === 'node.done' && event.result === 'failed'
          ? [{ task: event.task, message: event.message ?? '' }]
          : [],
      ),
      changed: done.flatMap((event) => (event.type === 'node.done' && event.result === 'changed' ? [event.task] : [])),
    }
  }
  const plan = async (playbook: string): Promise<Plan> => {
    write(playbook)
    return await runner.plan(...words)
  }
  return {
    plan,
    apply,
    async destroy(playbook) {
      write(playbook)
      return await runner.run('destroy', '--yes', ...words)
    },
    async settle(playbook) {
      const applied = await apply(playbook)
      expect(applied.failed, applied.stderr).to.deep.equal([])
      expect(applied.exit, applied.stderr).to.equal(0)
      expect(changes(await plan(playbook))).to.deep.equal([])
      return applied
    },
    close: () => runner.close(),
  }
}
