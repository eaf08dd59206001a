import type { IncomingMessage } from 'node:http'
import type { Call, Question } from './rule.ts'

// EFS speaks REST; from its model in botocore, data/efs/2015-02-01
const restOperations: readonly (readonly [operation: string, method: string, path: RegExp])[] = [
  ['CreateAccessPoint', 'POST', /^access-points$/],
  ['CreateFileSystem', 'POST', /^file-systems$/],
  ['CreateMountTarget', 'POST', /^mount-targets$/],
  ['DeleteAccessPoint', 'DELETE', /^access-points\/[^/]+$/],
  ['DeleteFileSystem', 'DELETE', /^file-systems\/[^/]+$/],
  ['DeleteFileSystemPolicy', 'DELETE', /^file-systems\/[^/]+\/policy$/],
  ['DeleteMountTarget', 'DELETE', /^mount-targets\/[^/]+$/],
  ['DescribeAccessPoints', 'GET', /^access-points$/],
  ['DescribeBackupPolicy', 'GET', /^file-systems\/[^/]+\/backup-policy$/],
  ['DescribeFileSystemPolicy', 'GET', /^file-systems\/[^/]+\/policy$/],
  ['DescribeFileSystems', 'GET', /^file-systems$/],
  ['DescribeLifecycleConfiguration', 'GET', /^file-systems\/[^/]+\/lifecycle-configuration$/],
  ['DescribeMountTargetSecurityGroups', 'GET', /^mount-targets\/[^/]+\/security-groups$/],
  ['DescribeMountTargets', 'GET', /^mount-targets$/],
  ['ListTagsForResource', 'GET', /^resource-tags\/[^/]+$/],
  ['ModifyMountTargetSecurityGroups', 'PUT', /^mount-targets\/[^/]+\/security-groups$/],
  ['PutBackupPolicy', 'PUT', /^file-systems\/[^/]+\/backup-policy$/],
  ['PutFileSystemPolicy', 'PUT', /^file-systems\/[^/]+\/policy$/],
  ['PutLifecycleConfiguration', 'PUT', /^file-systems\/[^/]+\/lifecycle-configuration$/],
  ['TagResource', 'POST', /^resource-tags\/[^/]+$/],
  ['UntagResource', 'DELETE', /^resource-tags\/[^/]+$/],
  ['UpdateFileSystem', 'PUT', /^file-systems\/[^/]+$/],
]

const shortNames: Readonly<Record<string, string>> = { elasticloadbalancing: 'elb', elasticfilesystem: 'efs' }
const longNames: Readonly<Record<string, string>> = { elb: 'elasticloadbalancing', efs: 'elasticfilesystem' }

/** Version of the query protocol that each service has: the emulator tells ELB from ELBv2 by it. */
const versions: Readonly<Record<string, string>> = {
  ec2: '2016-11-15',
  autoscaling: '2011-01-01',
  rds: '2014-10-31',
  elb: '2015-12-01',
}

/** The service is named in the signature's scope, the operation by the protocol: query, JSON or REST. */
export function callOf(incoming: IncomingMessage, body: string): Call {
  const { headers, method = 'GET', url: path = '/' } = incoming
  const long = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unknown'
  const parameters = new URLSearchParams(long === 'elasticfilesystem' ? '' : body)
  const target = headers['x-amz-target']
  const operation =
    parameters.get('Action') ??
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    restOperation(method, path)
  return { service: shortNames[long] ?? long, operation, method, path, headers, parameters, body }
}

/** A rule's question as the call that it is. */
export function callFor({ service, parameters, path }: Question): Call {
  const long = longNames[service] ?? service
  const query = new URLSearchParams({ Version: versions[service] ?? '', ...parameters })
  const headers = {
    // the emulator reads the service from it and nothing else
    authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/${long}/aws4_request, SignedHeaders=host, Signature=0`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  return path === undefined
    ? {
        service,
        operation: query.get('Action') ?? '',
        method: 'POST',
        path: '/',
        headers,
        parameters: query,
        body: query.toString(),
      }
    : {
        service,
        operation: restOperation('GET', path),
        method: 'GET',
        path,
        headers,
        parameters: new URLSearchParams(),
        body: '',
      }
}

function restOperation(method: string, url: string): string {
  const path = url
    .replace(/\?.*$/, '')
    .replace(/^\/\d{4}-\d\d-\d\d\//, '')
    .replace(/\/$/, '')
  return restOperations.find(([, verb, pattern]) => verb === method && pattern.test(path))?.[0] ?? `${method} ${path}`
}
