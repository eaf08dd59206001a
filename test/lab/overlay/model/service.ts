import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** How a value of AWS's own service models looks (botocore, docs/source/reference of loaders: service-2.json). */
export interface Shape {
  readonly type: string
  readonly members?: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
  /** Of a list. */
  readonly member?: Member
  /** Of a map. */
  readonly key?: Member
  readonly value?: Member
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly min?: number
  readonly max?: number
  readonly flattened?: boolean
  readonly union?: boolean
  /** A document: any JSON. */
  readonly document?: boolean
}

export interface Member {
  readonly shape: string
  readonly location?: string
  readonly locationName?: string
  readonly queryName?: string
  readonly flattened?: boolean
}

interface Operation {
  readonly name: string
  readonly http: { readonly method: string; readonly requestUri: string }
  readonly input?: { readonly shape: string }
}

export interface Service {
  readonly metadata: { readonly protocol: string; readonly apiVersion: string; readonly targetPrefix?: string }
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** Folders of botocore that are not named as the service in a signature is. */
const folders: Readonly<Record<string, string>> = {
  elasticloadbalancing: 'elbv2',
  elasticfilesystem: 'efs',
  monitoring: 'cloudwatch',
  tagging: 'resourcegroupstaggingapi',
}

/** AWS's model of the service that a signature names; undefined when it has none. Each is read at its first use. */
export type Models = (signingName: string) => Service | undefined

/** Reads models from botocore's data folder, the newest version of each. */
export function modelsIn(data: string): Models {
  const known = new Map<string, Service | undefined>()
  return (name) => {
    if (known.has(name)) return known.get(name)
    const folder = join(data, folders[name] ?? name)
    const version = existsSync(folder) ? readdirSync(folder).toSorted().at(-1) : undefined
    const service =
      version === undefined
        ? undefined
        : (JSON.parse(gunzipSync(readFileSync(join(folder, version, 'service-2.json.gz'))).toString('utf8')) as Service)
    known.set(name, service)
    return service
  }
}

/** The operation that a REST call means, with what its path names. */
export function restOperation(
  service: Service,
  method: string,
  path: string,
): { readonly operation: string; readonly labels: Readonly<Record<string, string>> } | undefined {
  for (const { name, http } of Object.values(service.operations)) {
    if (http.method !== method) continue
    const labels: string[] = []
    const pattern = http.requestUri
      .replace(/\?.*$/, '')
      .replace(/\/$/, '')
      .replaceAll(/\{(\w+)(\+?)\}/g, (_, label: string, greedy: string) => {
        labels.push(label)
        return greedy ? '(.+)' : '([^/]+)'
      })
    const found = new RegExp(`^${pattern}/?$`).exec(path.replace(/\?.*$/, ''))
    if (found)
      return {
        operation: name,
        labels: Object.fromEntries(labels.map((label, index) => [label, decodeURIComponent(found[index + 1] ?? '')])),
      }
  }
  return undefined
}
