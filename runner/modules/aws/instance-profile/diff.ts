import { compare, type Change } from '../../../plan/change.ts'
import { isMap, Unknown, type Value } from '../../../plan/unknown.ts'
import type { ArgsOf, Found, Wanted } from '../../module.ts'
import type { args } from './schema.ts'

export interface Profile extends Found {
  readonly tags: Readonly<Record<string, string>>
  readonly name: string
  readonly path: string
  /** ARN of the profile; absent while only the role is there. */
  readonly arn: string | undefined
  /** ARN of the role; absent while only the profile is there. */
  readonly roleArn: string | undefined
  /** Whether the role is in the profile. */
  readonly joined: boolean
  /** Services that may take on the role. */
  readonly trusted: readonly string[]
  /** Inline policies by name, as documents. */
  readonly inline: Readonly<Record<string, Value>>
  readonly managed: readonly string[]
  readonly boundary: string | undefined
}

/** Name of the one inline policy that this module keeps. */
export const policyName = 'runner'

export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: Profile | undefined): Change {
  const { path, policy, managed_policies, permissions_boundary } = want
  const wanted = {
    path: path ?? '/runner/',
    policy: policy === undefined ? (have && Object.keys(have.inline).length > 0 ? [] : undefined) : normal(policy),
    managed_policies: shortNames(managed_policies ?? []),
    permissions_boundary,
    // only shown where something of it is missing
    trusted: have && ['ec2.amazonaws.com'],
    profile: have && want.name,
  }
  const there = have && {
    path: have.path,
    policy: inlineOf(have),
    managed_policies: shortNames(have.managed),
    permissions_boundary: have.boundary,
    trusted: have.roleArn === undefined ? undefined : have.trusted,
    profile: have.joined ? have.name : undefined,
  }
  return compare(wanted, there, { sets: ['managed_policies'], replace: ['path'] })
}

/** The document, where there is just ours; else the names of what is there. */
function inlineOf({ inline }: Profile): unknown {
  const names = Object.keys(inline)
  if (names.length === 0) return undefined
  return names.length === 1 && names[0] === policyName ? normal(inline[policyName]) : names.toSorted()
}

/** IAM lets one word stand for a list of one, and order mean nothing; a document without version is of 2008. */
function normal(policy: unknown): unknown {
  if (!isMap(policy)) return policy
  const { Version = '2012-10-17', Statement = [], ...rest } = policy
  const statements = Array.isArray(Statement) ? Statement : Statement instanceof Unknown ? Statement : [Statement]
  return {
    ...rest,
    Version,
    Statement: Array.isArray(statements) ? statements.map(normalStatement) : statements,
  }
}

const listed = new Set(['Action', 'NotAction', 'Resource', 'NotResource'])

function normalStatement(statement: unknown): unknown {
  if (!isMap(statement)) return statement
  const members = Object.entries(statement).map(([name, value]): [string, unknown] => {
    if (!listed.has(name)) return [name, name === 'Condition' ? normalCondition(value) : value]
    const items = Array.isArray(value) ? value : [value]
    return [name, items.every((item) => typeof item === 'string') ? (items as string[]).toSorted() : items]
  })
  return { Effect: 'Allow', ...Object.fromEntries(members) }
}

/** `{StringEquals: {key: value}}` is `{StringEquals: {key: [value]}}`, and a number or truth is its text. */
function normalCondition(condition: unknown): unknown {
  if (!isMap(condition)) return condition
  const texts = (value: unknown): unknown => {
    const items = Array.isArray(value) ? value : [value]
    return items.map((item) => (typeof item === 'number' || typeof item === 'boolean' ? String(item) : item))
  }
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      isMap(keys) ? Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, texts(value)])) : keys,
    ]),
  )
}

/** AWS's own policies by their names: their ARNs differ between partitions. */
function shortNames(policies: unknown): unknown {
  if (!Array.isArray(policies)) return policies
  return policies.map((policy: unknown) =>
    typeof policy === 'string' ? policy.replace(/^arn:[\w-]+:iam::aws:policy\//, '') : policy,
  )
}
