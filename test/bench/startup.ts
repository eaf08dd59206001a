import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { compare } from './measure.ts'
import { table } from './table.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const runner = [process.execPath, 'bin/runner.js'] as const

/** How long the runner takes to say something, against Node that does nothing. */
export async function startup(): Promise<void> {
  const commands = [
    { name: 'node -e 0', words: [process.execPath, '-e', '0'], goal: '' },
    { name: 'runner --help', words: [...runner, '--help'], goal: '2' },
    {
      name: 'runner validate playbooks/objective2.yml',
      words: [...runner, 'validate', 'playbooks/objective2.yml', '-i', 'inventory/lab.yml'],
      goal: '5',
    },
    { name: 'runner modules', words: [...runner, 'modules'], goal: '' },
    {
      name: 'runner plan playbooks/objective2.yml --offline',
      words: [...runner, 'plan', 'playbooks/objective2.yml', '-i', 'inventory/lab.yml', '--offline'],
      goal: '',
    },
  ] as const
  const costs = await compare(
    commands.map(({ words }) => ({ words: [...words] as [string, ...string[]], cwd: root })),
    11,
  )
  const bare = costs[0]?.wall ?? Number.NaN
  process.stdout.write(
    table(
      ['start-up', 'wall ms', 'cpu ms', 'MiB', '× node -e 0', 'goal ×'],
      commands.map(({ name, goal }, index) => {
        const { wall = 0, cpu = 0, memory = 0 } = costs[index] ?? {}
        return [
          name,
          (wall * 1000).toFixed(0),
          (cpu * 1000).toFixed(0),
          memory.toFixed(0),
          (wall / bare).toFixed(2),
          goal,
        ]
      }),
    ),
  )
}
