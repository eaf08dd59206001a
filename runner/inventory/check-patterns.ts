import { Failure, type Diagnostic } from '../language/diagnostic.ts'
import type { Program } from '../language/program.ts'
import { tasksOfProgram } from '../language/tasks.ts'
import type { Inventory } from './inventory.ts'
import { selectHosts } from './pattern.ts'
import { addHost } from './static.ts'

/**
 * What the plays' patterns name and nobody knows: neither the inventory nor a task that makes a host. Patterns that are computed are
 * not looked at, and none at all where hosts are asked for or a task makes hosts by names that are computed.
 */
export function checkPatterns(program: Program, inventory: Inventory): readonly Diagnostic[] {
  if ([...inventory.groups.values()].some((group) => group.from)) return []
  for (const { args } of tasksOfProgram(program).filter((task) => task.module === 'aws.instance')) {
    const { name, group } = args
    if (typeof name !== 'string' || (group !== undefined && typeof group !== 'string')) return []
    addHost(inventory, { name, ...(group !== undefined && { group }) })
  }
  return program.plays.flatMap(({ hosts, hostsAt, at }) => {
    if (typeof hosts !== 'string') return []
    try {
      selectHosts(hosts, inventory, hostsAt ?? at)
      return []
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return error.diagnostics
    }
  })
}
