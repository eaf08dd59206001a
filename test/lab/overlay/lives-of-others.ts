import type { Life } from './life.ts'
import { jsonList, xmlList } from './listing.ts'
import { json, result } from './rule.ts'
import { elements, valueOf, withChild } from './xml.ts'

/** RDS User Guide, Viewing DB cluster status: creating, backing-up (the first backup), available. */
export const databaseLife: Life = {
  kind: 'database',
  because: 'RDS User Guide, DB cluster status: creating → backing-up → available, deleting',
  create: 'rds:CreateDBCluster',
  made: ({ parameters }) => [parameters.get('DBClusterIdentifier')?.toLowerCase() ?? ''],
  describe: ['rds:DescribeDBClusters'],
  listing: xmlList('DBClusters', 'DBCluster'),
  idOf: (item) => valueOf(item, 'DBClusterIdentifier'),
  stages: [
    ['creating', 0.7],
    ['backing-up', 0.3],
  ],
  inState: (item, state) => withChild(item, 'Status', state),
  remove: {
    operation: 'rds:DeleteDBCluster',
    removed: ({ parameters }) => [parameters.get('DBClusterIdentifier')?.toLowerCase() ?? ''],
    state: 'deleting',
    question: () => ({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } }),
    answer: (items) =>
      result(
        'DescribeDBClusters',
        `<DBClusters>${items.map((one) => `<DBCluster>${one}</DBCluster>`).join('')}</DBClusters>`,
      ),
    asked: ({ parameters }, item) => {
      const name = parameters.get('DBClusterIdentifier')?.toLowerCase()
      return name === undefined || valueOf(item, 'DBClusterIdentifier') === name
    },
  },
}

/** ELB API Reference, LoadBalancerState: provisioning until it takes requests, then active, or failed. */
export const balancerLife: Life = {
  kind: 'load balancer',
  because: 'ELB API Reference, LoadBalancerState: provisioning → active | failed',
  create: 'elb:CreateLoadBalancer',
  made: (_, { body }) => elements(body, 'LoadBalancerArn'),
  describe: ['elb:DescribeLoadBalancers'],
  listing: xmlList('LoadBalancers', 'member'),
  idOf: (item) => valueOf(item, 'LoadBalancerArn'),
  stages: [['provisioning', 1]],
  inState: (item, state, reason) =>
    withChild(item, 'State', `<Code>${state}</Code>${reason === undefined ? '' : `<Reason>${reason}</Reason>`}`),
}

interface Described {
  readonly FileSystemId?: string
  readonly MountTargetId?: string
}

function inLifeCycleState(item: string, state: string): string {
  return JSON.stringify({ ...(JSON.parse(item) as object), LifeCycleState: state })
}

function lastOf(path: string): string {
  return path.replace(/\?.*$/, '').split('/').at(-1) ?? ''
}

/** Whether a call's query names this one, or none. */
function matches(path: string, item: string, ...names: readonly string[]): boolean {
  const query = new URL(path, 'http://aws').searchParams
  const described = JSON.parse(item) as Record<string, unknown>
  return names.every((name) => query.get(name) === null || query.get(name) === described[name])
}

/** EFS API Reference, LifeCycleState of a file system. */
export const fileSystemLife: Life = {
  kind: 'file system',
  because: 'EFS API Reference, FileSystemDescription: creating → available, deleting',
  create: 'efs:CreateFileSystem',
  made: (_, { body }) => [(JSON.parse(body) as Described).FileSystemId ?? ''],
  describe: ['efs:DescribeFileSystems'],
  listing: jsonList('FileSystems'),
  idOf: (item) => (JSON.parse(item) as Described).FileSystemId,
  stages: [['creating', 1]],
  inState: inLifeCycleState,
  remove: {
    operation: 'efs:DeleteFileSystem',
    removed: ({ path }) => [lastOf(path)],
    state: 'deleting',
    question: () => ({ service: 'efs', path: '/2015-02-01/file-systems' }),
    answer: (items) => json({ FileSystems: items.map((one) => JSON.parse(one) as object) }),
    asked: ({ path }, item) => matches(path, item, 'FileSystemId', 'CreationToken'),
  },
}

/** EFS API Reference, LifeCycleState of a mount target: a minute or two until it answers. */
export const mountTargetLife: Life = {
  kind: 'mount target',
  because: 'EFS API Reference, MountTargetDescription: creating → available, deleting',
  create: 'efs:CreateMountTarget',
  made: (_, { body }) => [(JSON.parse(body) as Described).MountTargetId ?? ''],
  describe: ['efs:DescribeMountTargets'],
  listing: jsonList('MountTargets'),
  idOf: (item) => (JSON.parse(item) as Described).MountTargetId,
  stages: [['creating', 1]],
  inState: inLifeCycleState,
  remove: {
    operation: 'efs:DeleteMountTarget',
    removed: ({ path }) => [lastOf(path)],
    state: 'deleting',
    question: (id) => ({ service: 'efs', path: `/2015-02-01/mount-targets?MountTargetId=${id}` }),
    answer: (items) => json({ MountTargets: items.map((one) => JSON.parse(one) as object) }),
    asked: ({ path }, item) => matches(path, item, 'FileSystemId', 'MountTargetId'),
  },
}

/** Auto Scaling User Guide, Delete your Auto Scaling infrastructure: it is shown until its instances have ended. */
export const groupLife: Life = {
  kind: 'scaling group',
  because:
    'Auto Scaling API Reference, AutoScalingGroup: Status is “Delete in progress” until its instances have ended',
  create: 'autoscaling:CreateAutoScalingGroup',
  made: () => [],
  describe: ['autoscaling:DescribeAutoScalingGroups'],
  listing: xmlList('AutoScalingGroups', 'member'),
  idOf: (item) => valueOf(item, 'AutoScalingGroupName'),
  stages: [],
  inState: (item, state) =>
    withChild(item, 'Status', state).replaceAll('<LifecycleState>InService<', '<LifecycleState>Terminating<'),
  remove: {
    operation: 'autoscaling:DeleteAutoScalingGroup',
    removed: ({ parameters }) => [parameters.get('AutoScalingGroupName') ?? ''],
    state: 'Delete in progress',
    question: () => ({ service: 'autoscaling', parameters: { Action: 'DescribeAutoScalingGroups' } }),
    answer: (items) =>
      result(
        'DescribeAutoScalingGroups',
        `<AutoScalingGroups>${items.map((one) => `<member>${one}</member>`).join('')}</AutoScalingGroups>`,
      ),
    asked: ({ parameters }, item) => {
      const names = [...parameters].filter(([key]) => key.startsWith('AutoScalingGroupNames.')).map(([, name]) => name)
      return names.length === 0 || names.includes(valueOf(item, 'AutoScalingGroupName') ?? '')
    },
  },
}
