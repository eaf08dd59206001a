import type { Connection, Output } from '../../runner/connections/connection.ts'
import type { HostModule } from '../../runner/modules/module.ts'
import type { Change } from '../../runner/plan/change.ts'
import type { Values } from '../../runner/plan/unknown.ts'

/** What a module makes of a host. */
export interface Look {
  readonly have: unknown
  readonly change: Change
}

/** What became of it: the steps' outputs (shorter when one failed), and how things look then. */
export interface Round {
  readonly change: Change
  readonly outputs: readonly Output[]
  readonly after: Look
  readonly returned: Values
}

const asUser = (become: string | undefined): { become?: string } => (become === undefined ? {} : { become })

/** Asks a host what is there and compares, as a plan does. */
export async function look(
  connection: Connection,
  module: HostModule,
  want: Values,
  become?: string,
): Promise<Look & { readonly output: Output }> {
  if (!module.probe || !module.parse) throw new Error('the module has nothing to ask')
  const [output] = await connection.run([module.probe(want)], { ...asUser(become), timeout: 120 })
  if (!output) throw new Error('no answer')
  const have = module.parse(output, want)
  return { output, have, change: module.diff(want, have) }
}

/** Looks, runs the steps and looks again, as an apply does. */
export async function carryOut(
  connection: Connection,
  module: HostModule,
  want: Values,
  become?: string,
): Promise<Round> {
  const { have, change } = await look(connection, module, want, become)
  const steps = change.action === 'none' ? [] : module.steps(want, have, change)
  const outputs = await connection.run(steps, { ...asUser(become), stopOnFailure: true, timeout: 900 })
  const after = await look(connection, module, want, become)
  return { change, outputs, after, returned: module.returned(want, after.have, outputs) }
}
