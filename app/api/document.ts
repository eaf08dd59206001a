import { z } from 'zod'
import type { Operation } from './operation.ts'
import { problemShape } from './shapes.ts'

const reasons: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  204: 'Done; there is nothing to say',
  400: 'What was sent is no JSON, or there are not so many copies',
  401: 'No token, or one that has ended; or a wrong email or password',
  403: 'The caller may not do this',
  404: 'There is nothing at this address',
  409: 'Not in the state it is in',
  413: 'Too large',
  415: 'Neither JSON nor what the operation takes',
  422: 'Some fields are not right: they are named',
  429: 'Too many attempts',
  503: 'The database is away; try again after Retry-After seconds',
}

type Json = Record<string, unknown>

/** OpenAPI 3.1, whose schemas are JSON Schema: drawn from the schemas that check what is sent. */
export function documentOf(operations: readonly Operation[]): Json {
  const schemas: Json = {}
  const shape = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const {
      $defs,
      $schema: _,
      ...rest
    } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as Json
    for (const [name, value] of Object.entries(($defs as Json | undefined) ?? {})) schemas[name] = moved(value)
    return moved(rest) as Json
  }
  const problem = { 'application/problem+json': { schema: shape(problemShape, 'output') } }
  const paths: Record<string, Json> = {}
  for (const each of operations) {
    const parameters = [
      ...(each.path.includes('{id}')
        ? [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1, maximum: 999_999_999 } }]
        : []),
      ...Object.entries(each.query === undefined ? {} : ((shape(each.query, 'input')['properties'] ?? {}) as Json)).map(
        ([name, schema]) => ({ name, in: 'query', schema }),
      ),
      ...(each.once
        ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{16,128}$' } }]
        : []),
    ]
    const content =
      each.body !== undefined
        ? { 'application/json': { schema: shape(each.body, 'input') } }
        : Object.fromEntries((each.bodyType ?? []).map((type) => [type, {}]))
    const { status, schema } = each.answer
    ;(paths[each.path] ??= {})[each.method] = {
      operationId: each.id,
      tags: [each.tag],
      summary: each.summary,
      ...(parameters.length > 0 && { parameters }),
      ...(Object.keys(content).length > 0 && { requestBody: { required: true, content } }),
      ...(each.access !== 'anybody' && { security: [{ token: [] }] }),
      responses: {
        [status]: {
          description: reasons[status],
          ...(schema !== undefined && { content: { 'application/json': { schema: shape(schema, 'output') } } }),
        },
        ...Object.fromEntries(refusalsOf(each).map((code) => [code, { description: reasons[code], content: problem }])),
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bookstore',
      version: '1',
      description:
        'Money is text with two decimals. After a change the answer has a header `Read-After`: sent with later calls, they see the change though a database server may be behind.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function refusalsOf({ access, body, bodyType, id, refusals = [] }: Operation): readonly number[] {
  const found = new Set<number>([...refusals, 503])
  if (access !== 'anybody' || id === 'logIn') found.add(401)
  if (access === 'administrator') found.add(403)
  if (body !== undefined || bodyType !== undefined) for (const code of [400, 413, 415, 422, 429]) found.add(code)
  return [...found].sort((a, b) => a - b)
}

/** Zod puts named schemas under $defs, OpenAPI under components. */
function moved(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('#/$defs/', '#/components/schemas/'))
}
