import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { addressOf } from './address.ts'
import { diff, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { act, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

const nothingThere: Have = {
  head: undefined,
  origin: undefined,
  owner: undefined,
  dirty: false,
  wanted: undefined,
  missing: undefined,
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 5,
  slow: true,
  probe: ({ repo, dest, version = 'HEAD', owner }) => {
    const { url, env } = addressOf(repo)
    return {
      kind: 'script',
      text: look,
      args: [url, normal(dest), version, owner === undefined || firstUnknown(owner) ? '' : owner],
      env,
    }
  },
  parse,
  blank: () => nothingThere,
  diff: (want, have) => diff(want, addressOf(want.repo).url, have),
  steps({ repo, dest, version = 'HEAD', depth, force, owner }, have): readonly Step[] {
    const { url, env } = addressOf(repo)
    return [
      {
        kind: 'script',
        text: act,
        args: [
          url,
          normal(dest),
          version,
          have.wanted ?? '',
          owner ?? '',
          depth === undefined ? '' : String(depth),
          force === true ? 'force' : '',
        ],
        env,
      },
    ]
  },
  returned(_want, { head = '' }, done) {
    const said = done?.[0]?.stdout
    const before = said === undefined ? head : (/^before (\S+)$/m.exec(said)?.[1] ?? '')
    return { before, ...(head !== '' && { after: head }) }
  },
  unsettled: ['before', 'after'],
  effects: ({ repo, dest, owner }) => ({
    writes: [normal(dest)],
    reads: [
      'package:git',
      ...(typeof repo === 'string' && repo.startsWith('/') ? [repo] : []),
      ...(owner === undefined ? [] : [typeof owner === 'string' ? `user:${owner}` : 'user:']),
    ],
  }),
  timeout: 900,
}

function normal(path: string): string {
  return path.replace(/(.)\/+$/, '$1')
}

function parse({ stdout, stderr }: Output, { repo, dest, version = 'HEAD' }: Args): Have {
  const { url } = addressOf(repo)
  const lines = stderr.trim().split('\n')
  const said = lines.find((line) => /^(fatal|remote|error|ssh|.*denied)\b/i.test(line)) ?? lines.at(-1) ?? ''
  let have: Have = nothingThere
  for (const line of stdout.split('\n')) {
    const [kind, value = ''] = line.split(' ')
    if (kind === 'missing')
      return { ...have, missing: value === 'git' ? 'there is no git yet' : 'there is no such user yet' }
    if (kind === 'occupied')
      throw failure('E797', `${dest} is not empty and no working copy`, {
        hint: 'move it away, or name another directory',
      })
    if (kind === 'broken')
      throw failure('E797', `git does not work in ${dest}: ${said}`, {
        hint: 'move it away if it is broken; set `become: true` if it belongs to somebody else',
      })
    if (kind === 'refused')
      throw failure('E775', `${String(url)} cannot be read: ${said}`, {
        hint: 'check its address, and that the host may read it (a deploy key, a password in the address)',
      })
    if (kind === 'head' && value !== '') have = { ...have, head: value }
    if (kind === 'origin') have = { ...have, origin: value }
    if (kind === 'owner') have = { ...have, owner: value }
    if (kind === 'dirty') have = { ...have, dirty: true }
    if (kind === 'wanted') {
      if (value === '')
        throw failure('E775', `${String(url)} has no branch, tag or commit ${version}`, {
          hint: '`git ls-remote` lists what it has; a commit must be written in full',
        })
      have = { ...have, wanted: value }
    }
  }
  return have
}
