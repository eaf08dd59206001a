import { taggedArns, taggedThere } from '../connections/aws-tagged.ts'
import { leftoversOf, type Leftover } from '../plan/leftover.ts'
import type { Outcome } from './outcome.ts'
import { accountsOf, ownObjects } from './orphans.ts'
import { startWalk, type Request } from './run.ts'
import type { Walk } from './walk.ts'

/** What AWS is asked for beside its index, which lags. */
const needsLook = /:(volume|snapshot|subnet|route-table|natgateway|vpc-endpoint)\//

/** How often and how far apart, in milliseconds, AWS's index of tags is asked: it lags behind. */
const looks = 4
const between = 5000

/**
 * What is left of a playbook in its accounts and regions: what the modules find of their kinds, and what AWS's index of tags knows beside.
 * Undefined: the playbook has nothing to do with AWS.
 */
export async function sweep(
  request: Request,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<readonly Leftover[] | undefined> {
  const walk = startWalk(request, 'plan', { destroying: true })
  const accounts = await accountsOf(walk)
  if (accounts.length === 0 || request.options.offline) return undefined
  const again = `runner destroy ${request.program.file}`
  const all = await ownNow(request, walk, accounts, outcomes)
  const parts = new Set(all.flatMap(({ have }) => have.parts ?? []))
  const own = all.map(({ name, want, have }): Leftover => {
    const failed = [...outcomes.values()].find((one) => one.message !== undefined && one.found?.includes(have.id))
    return {
      kind: name,
      id: typeof want['name'] === 'string' && want['name'] !== have.id ? `${want['name']} (${have.id})` : have.id,
      why: failed?.message ?? 'the playbook does not name it',
      command: failed ? again : `${again} --prune`,
    }
  })
  const others = await Promise.all(accounts.map(async (account) => await elsewhere(request, account)))
  return [...own, ...others.flat().filter(({ id }) => !parts.has(id))]
}

type Own = Awaited<ReturnType<typeof ownObjects>>

/** What the modules find; what this run has deleted may be shown a little longer (EC2 Developer Guide, Eventual consistency). */
async function ownNow(
  request: Request,
  walk: Walk,
  accounts: Awaited<ReturnType<typeof accountsOf>>,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<Own> {
  const deleted = new Set(
    [...outcomes.values()].filter((one) => one.result === 'changed').flatMap((one) => one.found ?? []),
  )
  for (let look = 1; ; look++) {
    for (const account of accounts) (await walk.world.cloud(account, { name: '', status: () => undefined })).changed('')
    const own = await ownObjects(walk)
    if (look === looks || !own.some(({ have }) => deleted.has(have.id))) return own
    await request.world.sleep(between, request.signal)
  }
}

async function elsewhere(
  request: Request,
  account: Parameters<Request['world']['cloud']>[0],
): Promise<readonly Leftover[]> {
  const cloud = await request.world.cloud(account, { name: '', status: () => undefined })
  const tag = ['runner:playbook', cloud.playbook] as const
  try {
    for (let look = 1; ; look++) {
      const arns = await taggedArns(cloud, ...tag)
      const asked = arns.some((arn) => needsLook.test(arn))
      const found = leftoversOf(arns, asked ? await taggedThere(cloud, ...tag) : new Set())
      if (found.every((one) => one.kept) || look === looks) return found
      await request.world.sleep(between, request.signal)
    }
  } catch (error) {
    if (request.signal.aborted) throw error
    const { message } = request.world.explain(error)
    request.emit({ type: 'notice', text: `AWS’s index of tags cannot be asked what else is left: ${message}` })
    return []
  }
}
