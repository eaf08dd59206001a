import type { Output, Step } from '../../../connections/connection.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { progress } from '../pull-progress.ts'
import { normalPath } from '../../system/path-state.ts'
import { dockerPackages, refuseWithoutDocker } from '../docker-there.ts'
import { diff, decidingText, nameOf, repositoryOf, type Have } from './diff.ts'
import { args, key, returns, summary } from './schema.ts'
import { build, load, look } from './scripts.ts'

type Args = ArgsOf<typeof args>

const nothingThere: Have = {
  id: undefined,
  label: '',
  digests: [],
  content: undefined,
  archive: [],
  registry: undefined,
  others: [],
  missing: undefined,
}

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 20,
  slow: true,
  progress,
  unsettled: ['id', 'digest', 'reference'],
  probe(want) {
    const { source = 'pull', context = '', archive = '', update, keep } = want
    const from = source === 'build' ? context : archive
    const words = [
      nameOf(want),
      source,
      from,
      decidingText(want),
      update === true && !want.name.includes('@') ? 'update' : '',
    ]
    return { kind: 'script', text: look, args: [...words, keep === undefined ? '' : repositoryOf(want)] }
  },
  parse,
  blank: () => ({ ...nothingThere, missing: 'host' }),
  diff,
  steps,
  returned(want, { id = '', digests }) {
    const digest = digests.find((one) => one.startsWith(`${repositoryOf(want)}@`))?.split('@')[1] ?? ''
    return { id, digest, reference: digest === '' ? nameOf(want) : `${repositoryOf(want)}@${digest}` }
  },
  undo: (want, have) =>
    want.state === 'absent' || have.id === undefined
      ? []
      : [{ kind: 'exec', argv: ['docker', 'image', 'rm', nameOf(want)] }],
  // whoever uses Docker comes after; packages may be installed meanwhile, but not Docker's own
  effects: (want) => ({
    writes: ['service:docker'],
    reads: [
      'docker-login:',
      ...dockerPackages,
      ...(want.context === undefined ? [] : [normalPath(want.context)]),
      ...(want.archive === undefined ? [] : [normalPath(want.archive)]),
    ],
  }),
  timeout: 3600,
}

function parse(output: Output): Have {
  refuseWithoutDocker(output)
  const lines = output.stdout.split('\n').map((line) => line.trim().split(' '))
  const said = (word: string): readonly (readonly string[])[] => lines.filter(([first]) => first === word)
  const used = new Set(said('used').map(([, id]) => id))
  const missing = said('nocontext').length > 0 ? 'context' : said('noarchive').length > 0 ? 'archive' : undefined
  return {
    id: said('image')[0]?.[1],
    label: said('image')[0]?.[2] ?? '',
    digests: said('digest').map(([, digest = '']) => digest),
    content: said('content')[0]?.[1],
    archive: said('archive').map(([, id = '']) => id),
    registry: said('registry')[0]?.[1],
    others: said('other').map(([, tag = '', id = '']) => ({ tag, id, used: used.has(id) })),
    missing,
  }
}

function steps(want: Args, have: Have): readonly Step[] {
  const name = nameOf(want)
  const {
    source = 'pull',
    platform,
    context = '',
    dockerfile = 'Dockerfile',
    target,
    build_args = {},
    pull_base,
    archive = '',
  } = want
  const docker = (...words: readonly string[]): Step => ({ kind: 'exec', argv: ['docker', ...words] })
  if (want.state === 'absent') return [docker('image', 'rm', name)]
  const change = diff(want, have)
  const again = change.fields.some((field) => field.path === 'image')
  const on = platform === undefined ? [] : ['--platform', platform]
  const options = [
    ...on,
    ...(target === undefined ? [] : ['--target', target]),
    ...(pull_base === true ? ['--pull'] : []),
    ...Object.entries(build_args).flatMap(([arg, value]) => ['--build-arg', `${arg}=${String(value)}`]),
  ]
  const made: Step =
    source === 'build'
      ? { kind: 'script', text: build, args: [name, normalPath(context), dockerfile, decidingText(want), ...options] }
      : source === 'load'
        ? { kind: 'script', text: load, args: [name, archive] }
        : docker('pull', ...on, name)
  const old = change.fields.find((field) => field.path === 'old')?.before
  const tags = Array.isArray(old) ? old.map((tag) => `${repositoryOf(want)}:${String(tag)}`) : []
  return [...(again ? [made] : []), ...(tags.length > 0 ? [docker('image', 'rm', ...tags)] : [])]
}
