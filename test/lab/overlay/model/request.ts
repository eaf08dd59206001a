import type { Call } from '../rule.ts'
import { faultsOf, type Reader } from './check.ts'
import { jsonReader, Texts } from './json.ts'
import { queryReader, treeOf } from './query.ts'
import { restOperation, type Models, type Service, type Shape } from './service.ts'
import { xmlOf, xmlReader, type Element } from './xml.ts'

/** What AWS's own model of the service says against a request. */
export function requestFaults(models: Models, call: Call): readonly string[] {
  const service = models(call.signingName)
  if (!service) return [`botocore has no model of the service ${call.signingName}`]
  const operation = service.operations[call.operation]
  if (!operation) return [`${call.service} has no operation ${call.operation}`]
  const name = operation.input?.shape
  if (name === undefined) return []
  const input = { shape: name }
  const shape = service.shapes[name] as Shape
  switch (service.metadata.protocol) {
    case 'ec2':
    case 'query': {
      const version = call.parameters.get('Version')
      return [
        ...(version === service.metadata.apiVersion
          ? []
          : [`version ${version} is not ${service.metadata.apiVersion}`]),
        ...faultsOf(service, input, treeOf(call.parameters), queryReader(service.metadata.protocol === 'ec2'), ''),
      ]
    }
    case 'rest-json': {
      const members = { ...(JSON.parse(call.body || '{}') as object), ...located(service, call, shape) }
      return faultsOf(service, input, members, jsonReader, '')
    }
    case 'rest-xml': {
      const elsewhere = Object.entries(located(service, call, shape))
      return faultsOf(service, input, { name: '', text: '', children: xmlOf(call.body) }, besides(elsewhere), '')
    }
    default:
      return faultsOf(service, input, JSON.parse(call.body || '{}') as unknown, jsonReader, '')
  }
}

/** Members of a REST call that are not in its body. */
function located(service: Service, call: Call, shape: Shape): Readonly<Record<string, Texts>> {
  const labels = restOperation(service, call.method, call.path)?.labels ?? {}
  const query = new URL(call.path, 'http://aws').searchParams
  const found: Record<string, Texts> = {}
  const known = new Set<string>()
  for (const [name, { location, locationName = name }] of Object.entries(shape.members ?? {})) {
    known.add(locationName)
    const texts =
      location === 'uri'
        ? [labels[locationName]]
        : location === 'querystring'
          ? query.getAll(locationName)
          : location === 'header'
            ? [call.headers[locationName.toLowerCase()]].flat()
            : []
    const given = texts.filter((text) => text !== undefined)
    if (given.length > 0) found[name] = new Texts(given)
  }
  for (const key of query.keys()) if (!known.has(key)) found[`?${key}`] = new Texts(query.getAll(key))
  return found
}

/** Reads elements, and for the outermost structure what travels elsewhere. */
function besides(elsewhere: readonly (readonly [string, Texts])[]): Reader<Element> {
  let outermost = true
  return {
    ...xmlReader,
    members(node, shape) {
      const { known, unknown } = xmlReader.members(node, shape)
      if (!outermost) return { known, unknown }
      outermost = false
      const more = elsewhere.filter(([name]) => !name.startsWith('?'))
      const strange = elsewhere.filter(([name]) => name.startsWith('?')).map(([name]) => name)
      return { known: new Map([...known, ...more]), unknown: [...unknown, ...strange] }
    },
  }
}
