import type { SourceMap } from '../language/program.ts'
import { checkKeys, isSourceMap, valueRange, type Reading } from '../language/reading.ts'
import type { KeyTable } from '../language/keys.ts'

/** Where the members of a group are asked for: instances with these tags. */
export interface InstanceQuery {
  readonly tags: Readonly<Record<string, string>>
  /** Which of its addresses SSH uses. */
  readonly address: 'public' | 'private'
  /** As a play's `aws:`. */
  readonly aws: Readonly<Record<string, string>>
}

const queryKeys = {
  tags: { kind: 'map', open: true, description: 'Tags that an instance must have.' },
  address: { kind: 'text', choices: ['public', 'private'], description: 'Which of its addresses SSH uses (public).' },
  aws: { kind: 'map', open: true, description: 'Region and profile, as in a play.' },
} as const satisfies KeyTable

/** Reads `from: { aws.instances: { tags: {…}, address: private } }` of a group. */
export function readQuery(reading: Reading, group: SourceMap): InstanceQuery | undefined {
  const from = group['from']
  const query = isSourceMap(from) ? from['aws.instances'] : undefined
  const tags = isSourceMap(query) ? query['tags'] : undefined
  const wrong = isSourceMap(from) ? Object.keys(from).find((name) => name !== 'aws.instances') : undefined
  if (!isSourceMap(query) || !isSourceMap(tags) || Object.keys(tags).length === 0 || wrong !== undefined) {
    reading.fault(
      'E131',
      wrong === undefined ? '`from` says which instances are meant' : `hosts cannot be asked of ${wrong}`,
      valueRange(reading, group, 'from'),
      'for example `from: { aws.instances: { tags: { app: shop }, address: private } }`',
    )
    return undefined
  }
  checkKeys(reading, query, queryKeys, 'aws.instances')
  const plain = (map: SourceMap, what: string): Readonly<Record<string, string>> => {
    for (const [name, value] of Object.entries(map))
      if (!['string', 'number', 'boolean'].includes(typeof value))
        reading.fault('E131', `${what} ${name} must be a plain text`, valueRange(reading, map, name))
    return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]))
  }
  return {
    tags: plain(tags, 'the tag'),
    address: query['address'] === 'private' ? 'private' : 'public',
    aws: isSourceMap(query['aws']) ? plain(query['aws'], '`aws`:') : {},
  }
}
