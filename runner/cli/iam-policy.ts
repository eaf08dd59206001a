import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { looksUp } from '../engine/outputs.ts'
import { hostVars } from '../inventory/static.ts'
import { render } from '../language/expression/evaluate.ts'
import { layered } from '../language/expression/scope.ts'
import type { Play, SourceMap, Task } from '../language/program.ts'
import { tasksOfPlay } from '../language/tasks.ts'
import { findModule } from '../modules/find.ts'
import { iamPolicy } from '../plan/iam-policy.ts'
import { Unknown, type Values } from '../plan/unknown.ts'
import { load, type Loaded } from './load.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `runner modules --iam-policy PLAYBOOK`: the policy that the runner's user needs for it. */
export async function printPolicy(playbook: string, options: Options, terminal: Terminal): Promise<number> {
  const loaded = await load(playbook, options)
  const { program, sources } = loaded
  const file = new URL('../../schemas/permissions.json', import.meta.url)
  const permissions = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>
  const used = await usedModules(loaded)
  const text = [...sources.values()].join('\n')
  const calls = [
    'sts:GetCallerIdentity',
    'tag:GetResources',
    // what is left of former tasks may be of any kind
    ...Object.values(permissions).flatMap((actions) => actions.filter((action) => /:(Describe|Get|List)/.test(action))),
    ...Object.entries(permissions).flatMap(([module, actions]) => (used.has(module) ? actions : [])),
    // that a destroy has left neither
    ...['Volumes', 'Snapshots', 'Subnets', 'RouteTables', 'NatGateways', 'VpcEndpoints'].map(
      (kind) => `ec2:Describe${kind}`,
    ),
    ...(/!secret ["']?ssm:/.test(text) ? ['ssm:GetParameter'] : []),
    ...(/!secret ["']?secretsmanager:/.test(text) ? ['secretsmanager:GetSecretValue'] : []),
  ]
  const regions = program.plays.flatMap((play) => {
    const region = play.aws?.['region']
    return typeof region === 'string' ? [region] : []
  })
  // a region that is only computed cannot be said here: then there is no condition
  const open = program.plays.some(
    (play) => play.aws?.['region'] !== undefined && typeof play.aws['region'] !== 'string',
  )
  const name = basename(program.file).replace(/\.ya?ml$/, '')
  const policy = iamPolicy(calls, name, open ? [] : [...new Set(regions)].toSorted())
  terminal.out(`${JSON.stringify(policy, null, 2)}\n`)
  return 0
}

/** Modules with a task that may write: what is only looked up needs no more than reading. */
async function usedModules({ program, inventory, extraVars }: Loaded): Promise<ReadonlySet<string>> {
  const weakest = hostVars(inventory(), 'localhost')
  const tasks = program.plays.flatMap((play) =>
    [...tasksOfPlay(play), ...play.handlers].map((task) => ({ play, task })),
  )
  const writes = await Promise.all(
    tasks.map(async ({ play, task }) => {
      const module = task.module.startsWith('aws.') ? await findModule(task.module) : undefined
      return module?.on === 'aws' && looksUp(module, argumentsNow(play, task, weakest, extraVars)) ? [] : [task.module]
    }),
  )
  return new Set(writes.flat())
}

/** Arguments as far as variables alone say them; what depends on anything else may turn out to be given. */
function argumentsNow(play: Play, task: Task, weakest: SourceMap, extraVars: Values): Values {
  const scope = layered(
    [
      { name: 'inventory', sources: weakest },
      { name: 'play', sources: play.vars },
      { name: 'task', sources: task.vars },
      { name: 'extra', get: (name) => extraVars[name], names: () => Object.keys(extraVars) },
    ],
    () => new Unknown('a secret'),
  )
  const values = Object.entries(task.args).flatMap(([name, source]) => {
    try {
      const value = render(source, scope)
      return value === null ? [] : [[name, value] as const]
    } catch {
      return [[name, new Unknown('it needs more than variables')] as const]
    }
  })
  return Object.fromEntries(values)
}
