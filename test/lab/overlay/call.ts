import type { IncomingMessage } from 'node:http'
import { restOperation, type Models } from './model/service.ts'
import type { Call, Question } from './rule.ts'

const shortNames: Readonly<Record<string, string>> = { elasticloadbalancing: 'elb', elasticfilesystem: 'efs' }
const longNames: Readonly<Record<string, string>> = { elb: 'elasticloadbalancing', efs: 'elasticfilesystem' }

/** The service is named in the signature's scope, the operation by the protocol: query, JSON or REST. */
export function callOf(models: Models, incoming: IncomingMessage, body: string): Call {
  const { headers, method = 'GET', url: path = '/' } = incoming
  const signingName = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unknown'
  const service = models(signingName)
  const rest = service?.metadata.protocol.startsWith('rest') ?? false
  const parameters = new URLSearchParams(rest ? '' : body)
  const target = headers['x-amz-target']
  const operation =
    parameters.get('Action') ??
    (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
    (service && restOperation(service, method, path)?.operation) ??
    `${method} ${path}`
  return {
    service: shortNames[signingName] ?? signingName,
    signingName,
    operation,
    method,
    path,
    headers,
    parameters,
    body,
  }
}

/** A rule's question as the call that it is, in the region of the call that it is about. */
export function callFor(models: Models, { service, parameters, path }: Question, about: Call): Call {
  const signingName = longNames[service] ?? service
  const model = models(signingName)
  const query = new URLSearchParams({ Version: model?.metadata.apiVersion ?? '', ...parameters })
  const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(String(about.headers['authorization']))?.[1] ?? 'us-east-1'
  const headers = {
    // the emulator reads the service from it and nothing else
    authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${region}/${signingName}/aws4_request, SignedHeaders=host, Signature=0`,
    ...(path === undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const base = { service, signingName, headers }
  if (path === undefined)
    return {
      ...base,
      operation: query.get('Action') ?? '',
      method: 'POST',
      path: '/',
      parameters: query,
      body: query.toString(),
    }
  const operation = model && restOperation(model, 'GET', path)?.operation
  return { ...base, operation: operation ?? path, method: 'GET', path, parameters: new URLSearchParams(), body: '' }
}
