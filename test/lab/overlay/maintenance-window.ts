import type { Courses } from './course.ts'
import type { Answer, Call, Question, Rule } from './rule.ts'
import { elements, valueOf, withChild } from './xml.ts'

/** What waits for the maintenance window unless ApplyImmediately is given; all else of these calls is done at once. */
const windowed: Readonly<Record<string, readonly string[]>> = {
  ModifyDBCluster: ['EngineVersion', 'DBClusterInstanceClass', 'AllocatedStorage', 'StorageType', 'Iops'],
  ModifyDBInstance: ['DBInstanceClass'],
}

interface Waiting {
  readonly action: string
  readonly since: number
  readonly values: ReadonlyMap<string, string>
}

/**
 * RDS keeps changes for the maintenance window and shows them as PendingModifiedValues: of a cluster's class by its members, since ClusterPendingModifiedValues
 * has none (RDS API Reference). A change that is made at once takes those that wait along; asking for what is there takes one back. moto does all at once.
 */
export function maintenanceWindow(courses: Courses): Rule {
  const all = new Map<string, Waiting>()
  return {
    because:
      'RDS API Reference, ModifyDBCluster, ApplyImmediately: “and any pending modifications”; ClusterPendingModifiedValues',
    operations: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances'],
    handle: async (call, next, ask) => {
      const later = windowed[call.operation]
      if (later === undefined) {
        await open(all, courses, ask)
        const answer = await next()
        return answer.status === 200 ? { ...answer, body: shown(call.operation, answer.body, all) } : answer
      }
      const name = nameIn(call)
      const waiting = all.get(name)
      const asked = [...call.parameters].filter(([key]) => later.includes(key))
      if (call.parameters.get('ApplyImmediately') === 'true') {
        all.delete(name)
        const along = [...(waiting?.values ?? [])].filter(([key]) => !call.parameters.has(key))
        return await next(withParameters(call, [...call.parameters, ...along]))
      }
      const there = await current(call, ask)
      const values = new Map(waiting?.values)
      for (const [key, value] of asked)
        if (there(key) === value) values.delete(key)
        else values.set(key, value)
      const answer = await next(
        withParameters(
          call,
          [...call.parameters].filter(([key]) => !later.includes(key)),
        ),
      )
      if (answer.status === 200) all.set(name, { action: call.operation, since: courses.now(), values })
      return answer
    },
    reset: () => all.clear(),
  }
}

type Ask = (question: Question) => Promise<Answer>

/** When the window has come, what waits is done. */
async function open(all: Map<string, Waiting>, courses: Courses, ask: Ask): Promise<void> {
  const { ms } = courses.of('maintenance window')
  if (ms === undefined) return
  for (const [name, { action, since, values }] of all) {
    if (courses.now() < since + ms) continue
    all.delete(name)
    const which = { [action.replace('Modify', '') + 'Identifier']: name }
    await ask({
      service: 'rds',
      parameters: { Action: action, ...which, ...Object.fromEntries(values), ApplyImmediately: 'true' },
    })
  }
}

function nameIn({ operation, parameters }: Call): string {
  return parameters.get(`${operation.replace('Modify', '')}Identifier`)?.toLowerCase() ?? ''
}

async function current(call: Call, ask: Ask): Promise<(key: string) => string | undefined> {
  const kind = call.operation.replace('Modify', '')
  const { body } = await ask({ service: 'rds', parameters: { Action: `Describe${kind}s` } })
  const found = elements(elements(body, `${kind}s`).join(''), kind).find(
    (one) => valueOf(one, `${kind}Identifier`) === nameIn(call),
  )
  return (key) => (found === undefined ? undefined : valueOf(found, key))
}

function shown(operation: string, body: string, all: ReadonlyMap<string, Waiting>): string {
  const kind = operation === 'DescribeDBClusters' ? 'DBCluster' : 'DBInstance'
  return body.replaceAll(new RegExp(`<${kind}>([^]*?)</${kind}>`, 'g'), (whole, item: string) => {
    const own = all.get(valueOf(item, `${kind}Identifier`) ?? '')?.values
    const size = all.get(valueOf(item, 'DBClusterIdentifier') ?? '')?.values.get('DBClusterInstanceClass')
    const pending =
      kind === 'DBCluster'
        ? [...(own ?? [])].filter(([key]) => key !== 'DBClusterInstanceClass')
        : [...(own ?? []), ...(size === undefined ? [] : [['DBInstanceClass', size] as const])]
    if (pending.length === 0) return whole
    const values = pending.map(([key, value]) => `<${key}>${value}</${key}>`).join('')
    return `<${kind}>${withChild(item, 'PendingModifiedValues', values)}</${kind}>`
  })
}

function withParameters(call: Call, pairs: readonly (readonly [string, string])[]): Call {
  const parameters = new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, value]))
  return { ...call, parameters, body: parameters.toString() }
}
