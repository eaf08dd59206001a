import { createHash } from 'node:crypto'
import { failure } from '../language/diagnostic.ts'
import { checkAccount, roleCredentials } from './aws-account.ts'
import { makePace, type Pace } from './aws-pace.ts'
import { isThrottling, makeRetries } from './aws-retry.ts'
import type { Clients, Cloud, CloudTask, Poll } from './cloud.ts'

/** Where a play's AWS tasks work, from its `aws:` map. */
export interface Account {
  readonly region?: string
  readonly profile?: string
  /** The account that it must be. */
  readonly account?: string
  readonly assumeRole?: string
  readonly endpoint?: string
}

export interface AwsSettings {
  /** Value of the tag `runner:playbook`. */
  readonly playbook: string
  /** Calls at a time. */
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly clock: () => number
  /** Known values of a key argument of all tasks of a module. */
  readonly wanted: (module: string, key: string) => readonly string[]
}

export interface Aws {
  cloud(account: Account, task: CloudTask): Promise<Cloud>
  /** Calls made so far, by `service:Operation`. */
  calls(): Readonly<Record<string, number>>
  close(): void
}

type Options = Record<string, unknown>
const load: { readonly [K in keyof Clients]: (options: Options) => Promise<Clients[K]> } = {
  ec2: async (options) => new (await import('@aws-sdk/client-ec2')).EC2Client(options),
  autoscaling: async (options) => new (await import('@aws-sdk/client-auto-scaling')).AutoScalingClient(options),
  rds: async (options) => new (await import('@aws-sdk/client-rds')).RDSClient(options),
  efs: async (options) => new (await import('@aws-sdk/client-efs')).EFSClient(options),
  elb: async (options) =>
    new (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2Client(options),
  acm: async (options) => new (await import('@aws-sdk/client-acm')).ACMClient(options),
  iam: async (options) => new (await import('@aws-sdk/client-iam')).IAMClient(options),
  route53: async (options) => new (await import('@aws-sdk/client-route-53')).Route53Client(options),
  scaling: async (options) =>
    new (await import('@aws-sdk/client-application-auto-scaling')).ApplicationAutoScalingClient(options),
  ssm: async (options) => new (await import('@aws-sdk/client-ssm')).SSMClient(options),
  secrets: async (options) => new (await import('@aws-sdk/client-secrets-manager')).SecretsManagerClient(options),
  tagging: async (options) =>
    new (await import('@aws-sdk/client-resource-groups-tagging-api')).ResourceGroupsTaggingAPIClient(options),
  sts: async (options) => new (await import('@aws-sdk/client-sts')).STSClient(options),
}

/** All that a run does in AWS goes through this: clients are made once an account and service, calls are counted and limited. */
export function makeAws(settings: AwsSettings): Aws {
  const calls: Record<string, number> = {}
  const sites = new Map<string, Site>()
  const limit = makeLimit(settings.concurrency)
  return {
    async cloud(account, task) {
      const key = JSON.stringify(account)
      const site = sites.get(key) ?? makeSite(account, settings, calls, limit)
      sites.set(key, site)
      await site.pinned()
      return cloudOf(settings, site, await site.region().catch((error: Error) => error), task)
    },
    calls: () => calls,
    close: () => {
      for (const site of sites.values()) site.close()
    },
  }
}

/** One region of one account: its clients, and what was read of it. */
interface Site {
  region(): Promise<string>
  /** Fails when this is not the account that the playbook is for. */
  pinned(): Promise<void>
  client<K extends keyof Clients>(service: K): Promise<Clients[K]>
  readonly read: Map<string, Promise<unknown>>
  close(): void
}

interface Middleware {
  middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: object,
    ): void
  }
  config: { region: () => Promise<string> }
  destroy(): void
}

function makeSite(account: Account, settings: AwsSettings, calls: Record<string, number>, limit: Limit): Site {
  const clients = new Map<keyof Clients, Promise<unknown>>()
  const made: Middleware[] = []
  const options = async (): Promise<Options> => ({
    retryStrategy: makeRetries(Math.random),
    ...(account.region !== undefined && { region: account.region }),
    ...(account.profile !== undefined && { profile: account.profile }),
    ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
    ...(account.assumeRole !== undefined && { credentials: roleCredentials(account, account.assumeRole) }),
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  })
  const client = <K extends keyof Clients>(service: K): Promise<Clients[K]> => {
    const known = clients.get(service) as Promise<Clients[K]> | undefined
    if (known) return known
    const making = options()
      .then(load[service])
      .then((one) => {
        // a bucket a service and region, as AWS has it
        watch(one as unknown as Middleware, service, calls, {
          limit,
          pace: makePace(settings),
          signal: settings.signal,
        })
        made.push(one as unknown as Middleware)
        return one as Clients[K]
      })
    clients.set(service, making)
    return making
  }
  let identity: Promise<void> | undefined
  return {
    pinned: () => (identity ??= checkAccount(account.account, client)),
    read: new Map(),
    client,
    region: async () => account.region ?? (await ((await client('ec2')) as unknown as Middleware).config.region()),
    close: () => {
      for (const one of made) one.destroy()
    },
  }
}

interface Brakes {
  readonly limit: Limit
  readonly pace: Pace
  readonly signal: AbortSignal
}

/** Counts every attempt, keeps the pace that AWS allows and the number of calls under way below the limit. */
function watch(client: Middleware, service: string, calls: Record<string, number>, brakes: Brakes): void {
  const { limit, pace, signal } = brakes
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = `${service}:${(context.commandName ?? 'Unknown').replace(/Command$/, '')}`
      calls[name] = (calls[name] ?? 0) + 1
      // who waits for his turn occupies no place
      await pace.turn(signal)
      const release = await limit()
      try {
        const answer = await next(args)
        pace.passed()
        return answer
      } catch (error) {
        if (isThrottling(error)) pace.throttled()
        throw error
      } finally {
        release()
      }
    },
    // behind the retries, so that waiting between two attempts occupies no place
    { step: 'finalizeRequest', priority: 'low', name: 'runnerCount' },
  )
}

function cloudOf(settings: AwsSettings, site: Site, region: string | Error, task: CloudTask): Cloud {
  const { playbook, signal } = settings
  return {
    get region() {
      if (region instanceof Error) throw region
      return region
    },
    playbook,
    tags: { 'runner:playbook': playbook, 'runner:task': task.name },
    client: (service) => site.client(service),
    once: async <T>(kind: string, fetch: () => Promise<T>): Promise<T> => {
      const known = site.read.get(kind) as Promise<T> | undefined
      if (known) return await known
      const reading = fetch()
      site.read.set(kind, reading)
      // what failed is tried anew by whoever asks next
      reading.catch(() => site.read.delete(kind))
      return await reading
    },
    changed: (prefix) => {
      for (const kind of site.read.keys()) if (kind.startsWith(prefix)) site.read.delete(kind)
    },
    wanted: settings.wanted,
    coming: task.coming ?? (() => false),
    poll: (poll) => pollUntil(poll, settings, task.status),
    token: (...parts) =>
      createHash('sha256')
        .update(JSON.stringify([playbook, task.name, ...parts]))
        .digest('hex'),
    status: task.status,
    signal,
  }
}

async function pollUntil<T>(
  { what, every, timeout, look }: Poll<T>,
  { signal, sleep, clock }: AwsSettings,
  status: (text: string) => void,
): Promise<T> {
  const started = clock()
  for (let pause = Math.min(every, 1); ; pause = Math.min(every, pause * 2)) {
    signal.throwIfAborted()
    const seen = await look()
    if ('done' in seen) return seen.done
    status(`waiting for ${what}: ${seen.status}`)
    const passed = (clock() - started) / 1000
    if (passed + pause > timeout) {
      throw failure('E716', `${what}: still not after ${Math.round(passed)} s; last seen: ${seen.status}`, {
        hint: 'it may still come: run apply again, it goes on from what is there',
      })
    }
    await sleep(pause * 1000, signal)
  }
}

type Limit = () => Promise<() => void>

/** At most so many at a time; the rest wait in line. */
function makeLimit(most: number): Limit {
  let busy = 0
  const waiting: (() => void)[] = []
  return async () => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy += 1
    return () => {
      const next = waiting.shift()
      if (next) next()
      else busy -= 1
    }
  }
}
