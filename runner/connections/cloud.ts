import type { ACMClient } from '@aws-sdk/client-acm'
import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import type { EC2Client } from '@aws-sdk/client-ec2'
import type { EFSClient } from '@aws-sdk/client-efs'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { RDSClient } from '@aws-sdk/client-rds'
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import type { Route53Client } from '@aws-sdk/client-route-53'
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { SSMClient } from '@aws-sdk/client-ssm'
import type { STSClient } from '@aws-sdk/client-sts'

export interface Clients {
  ec2: EC2Client
  autoscaling: AutoScalingClient
  rds: RDSClient
  efs: EFSClient
  elb: ElasticLoadBalancingV2Client
  acm: ACMClient
  iam: IAMClient
  route53: Route53Client
  /** Application Auto Scaling: of Aurora's readers. */
  scaling: ApplicationAutoScalingClient
  ssm: SSMClient
  secrets: SecretsManagerClient
  sts: STSClient
  /** AWS's index of tags, for sweeping. */
  tagging: ResourceGroupsTaggingAPIClient
}

/** On behalf of which task AWS is called. */
export interface CloudTask {
  readonly name: string
  readonly status: (text: string) => void
  /** Whether a task of this module still has something to do in this run. */
  readonly coming?: (module: string) => boolean
}

export interface Poll<T> {
  /** For people: `load balancer bookstore to be active`. */
  readonly what: string
  /** Seconds between two looks. */
  readonly every: number
  /** Seconds. */
  readonly timeout: number
  /** Returns `{ done }` when it is so, `{ status }` (last seen, for people) when not yet; throws when it never will be. */
  look(): Promise<{ done: T } | { status: string }>
}

/** What a cloud module is given: one region of one account, on behalf of one task. */
export interface Cloud {
  /** Asking for it fails where none is set: who does not work in AWS needs none. */
  readonly region: string
  /** Value of the tag `runner:playbook` on everything this playbook owns. */
  readonly playbook: string
  /** Tags that every object made for this task carries: `runner:playbook`, `runner:task`. */
  readonly tags: Readonly<Record<string, string>>
  /** The client of a service, loaded at its first use. */
  client<K extends keyof Clients>(service: K): Promise<Clients[K]>
  /**
   * Reads one kind of object once for all tasks that ask: `once('ec2:security-groups', () => paginate…)`. So a plan makes one
   * paginated Describe a kind. Forgotten for all kinds that start with `service:` by {@link Cloud.changed}.
   */
  once<T>(kind: string, fetch: () => Promise<T>): Promise<T>
  /** Call after a write: what was read by `once` under kinds starting with this prefix is read anew when next asked. */
  changed(prefix: string): void
  /** The values of the (known) key argument of all tasks of this module in the playbook: to narrow a Describe by a filter. */
  wanted(module: string, key: string): readonly string[]
  /** Whether a task of this module still has something to do in this run. */
  coming(module: string): boolean
  /** Waits for a state, saying what it waits for and what it last saw; obeys Ctrl-C; fails when the time is over. */
  poll<T>(poll: Poll<T>): Promise<T>
  /** A deterministic idempotency token of at most 64 characters: the same playbook and task give the same token. */
  token(...parts: readonly string[]): string
  /** Progress of the node, for people. */
  status(text: string): void
  readonly signal: AbortSignal
}
