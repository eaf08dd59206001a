import type { Output, Script } from '../../../connections/connection.ts'
import type { Change } from '../../../plan/change.ts'
import { firstUnknown, printable, type Json, type Values } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { madeOf } from '../made-text.ts'
import { args, key, returns, summary } from './schema.ts'
import { askAndJudge, askOnce } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Answer {
  /** 0: none; then `why` says why. */
  readonly status: number
  readonly type: string
  readonly body: string
  readonly why: string
}

const notAsked: Answer = { status: 0, type: '', body: '', why: '' }

export const module: HostModule<Args, Answer> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['status', 'content', 'json', 'content_type'],
  probe: (want) => (looks(want) ? request(want, askOnce, [], 5) : { kind: 'script', text: ':' }),
  parse: (output) => answerOf(output),
  blank: () => ({ ...notAsked, why: 'the host is not there' }),
  diff,
  steps: (want) => [request(want, askAndJudge, [statuses(want).join(','), want.contains ?? ''], 600)],
  returned(_want, have, done) {
    const answer = done && done.length > 0 ? answerOf(done.at(-1) as Output) : have
    return { status: answer.status, content: answer.body, json: jsonOf(answer.body), content_type: answer.type }
  },
  timeout: 660,
}

/** Whether it can be asked for a plan: it only looks, and all of it is known. */
function looks(want: Args): boolean {
  return /^(GET|HEAD)$/.test(want.method ?? 'GET') && !firstUnknown([want.headers ?? null, want.body ?? null] as never)
}

function request(want: Args, text: string, words: readonly string[], limit: number): Script {
  const { method = 'GET', url, timeout = 30, follow_redirects = true, validate_certs = true, body } = want
  const json = typeof body === 'object' && !((body as unknown) instanceof Secret)
  const headers = Object.entries({ ...(json && { 'Content-Type': 'application/json' }), ...want.headers })
  return {
    kind: 'script',
    text,
    args: [
      ...words,
      method,
      url,
      String(Math.min(timeout, limit)),
      String(follow_redirects),
      String(validate_certs),
      madeOf(headers, (all) => all.map(([name, value]) => `${name}: ${value}`).join('\n')) as string | Secret,
    ],
    stdin: madeOf({ body }, ({ body: known }) =>
      known === undefined ? '' : typeof known === 'string' ? known : JSON.stringify(known),
    ) as string | Secret,
  }
}

function answerOf({ stdout, stderr }: Output): Answer {
  const [first = '', encoded = ''] = stdout.split('\n')
  if (!first.startsWith('status ')) return { ...notAsked, why: first.replace(/^none /, '') || stderr.trim() }
  const [, status = '0', ...type] = first.split(' ')
  return {
    status: Number(status),
    type: type.join(' ').trim(),
    body: Buffer.from(encoded, 'base64').toString('utf8'),
    why: '',
  }
}

function jsonOf(text: string): Values[string] {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

function statuses({ status = 200 }: Args): readonly number[] {
  return typeof status === 'number' ? [status] : status
}

function diff(want: Args, have: Answer): Change {
  const right = statuses(want)
  const method = want.method ?? 'GET'
  const fields = [{ path: 'url', after: printable(`${method} ${shown(want.url)}`), known: true }]
  if (!looks(want))
    return {
      action: 'run',
      fields,
      why: method === 'GET' || method === 'HEAD' ? 'what is sent is not known yet' : `${method} is sent each time`,
    }
  if (have.status === 0) return { action: 'run', fields, why: `no answer now: ${have.why || 'not asked'}` }
  if (!right.includes(have.status))
    return { action: 'run', fields, why: `answers ${have.status} now, not ${right.join(' or ')}` }
  const flat = (text: string): string => text.replaceAll('\n', ' ')
  if (want.contains !== undefined && !flat(have.body).includes(flat(want.contains)))
    return { action: 'run', fields, why: 'the answer does not hold what it should' }
  return { action: 'none', fields: [] }
}

/** Without a password that may be in it. */
function shown(url: unknown): string {
  return url instanceof Secret ? '[secret]' : String(url).replace(/:\/\/[^/@]*@/, '://')
}
