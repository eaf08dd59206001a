import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { looksUp } from '../engine/outputs.ts'
import type { Task } from '../language/program.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import { findModule } from '../modules/find.ts'
import { iamPolicy } from '../plan/iam-policy.ts'
import type { Values } from '../plan/unknown.ts'
import { load } from './load.ts'
import type { Options } from './options.ts'
import type { Terminal } from './terminal.ts'

/** `runner modules --iam-policy PLAYBOOK`: the policy that the runner's user needs for it. */
export async function printPolicy(playbook: string, options: Options, terminal: Terminal): Promise<number> {
  const { program, sources } = await load(playbook, options)
  const file = new URL('../../schemas/permissions.json', import.meta.url)
  const permissions = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>
  const used = await usedModules(tasksOfProgram(program))
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
async function usedModules(tasks: readonly Task[]): Promise<ReadonlySet<string>> {
  const writes = await Promise.all(
    tasks.map(async ({ module: name, args }) => {
      const module = name.startsWith('aws.') ? await findModule(name) : undefined
      return module?.on === 'aws' && looksUp(module, args as Values) ? [] : [name]
    }),
  )
  return new Set(writes.flat())
}
