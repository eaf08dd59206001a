import type { Output } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { nothing, type Change } from '../../../plan/change.ts'
import { hasSecret } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'
import { lookOnce, waitUntil } from './scripts.ts'

type Args = ArgsOf<typeof args>

interface Have {
  readonly up: boolean
  readonly seen: string
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  unsettled: ['elapsed'],
  probe: (want) => ({ kind: 'script', text: lookOnce, args: lookingAt(want) }),
  parse,
  blank: () => ({ up: false, seen: 'the host is not there' }),
  diff,
  steps(want) {
    if (hasSecret(want.msg)) throw failure('E753', '`msg` may not hold a secret')
    const { delay = 0, sleep = 1, timeout = 300, msg = '' } = want
    const pauses = [delay, sleep, timeout].map(String)
    return [
      {
        kind: 'script',
        text: waitUntil,
        args: [wantsUp(want) ? 'up' : 'down', ...pauses, sentence(want), msg, ...lookingAt(want)],
      },
    ]
  },
  returned(_want, _have, done) {
    const last = done?.at(-1)?.stdout.trim().split('\n').at(-1)
    return { elapsed: Number.parseInt(last ?? '0', 10) || 0 }
  },
  // the script ends by itself; see `timeout` in the schema
  timeout: 7200,
}

function parse(output: Output): Have {
  const [state, ...seen] = output.stdout.trim().split(' ')
  if (state === 'denied') throw failure('E750', seen.join(' '), { hint: 'set `become: true` on the task or the play' })
  if (state !== 'up' && state !== 'down')
    throw failure('E754', `it cannot be looked for: ${output.stderr.trim() || 'no answer'}`)
  return { up: state === 'up', seen: seen.join(' ') }
}

function diff(want: Args, have: Have): Change {
  if (have.up === wantsUp(want)) return nothing
  return { action: 'run', fields: [], why: `waits for ${sentence(want)}; seen: ${have.seen}` }
}

function wantsUp({ state = 'started' }: Args): boolean {
  return state === 'started' || state === 'present'
}

function lookingAt({ host = '127.0.0.1', port, path, search_regex = '', connect_timeout }: Args): readonly string[] {
  const seconds = typeof connect_timeout === 'number' ? connect_timeout : 5
  return path === undefined
    ? ['port', host, String(port), search_regex, String(seconds)]
    : ['path', path, '', search_regex]
}

function sentence(want: Args): string {
  const { host = '127.0.0.1', port, path, search_regex } = want
  const not = wantsUp(want) ? '' : 'not '
  if (path !== undefined)
    return search_regex === undefined ? `${path} ${not}to be there` : `${path} ${not}to hold ${search_regex}`
  return `port ${port} of ${host} ${not}to ${search_regex === undefined ? 'answer' : `say ${search_regex}`}`
}
