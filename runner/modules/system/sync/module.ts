import { large, type Output, type Script, type Step } from '../../../connections/connection.ts'
import type { HostModule } from '../../module.ts'
import { LocalFolder } from '../../local-folder.ts'
import { accountsRead, normalPath, parseStat, pathEffect, refuseDenied } from '../path-state.ts'
import { failure } from '../../../language/diagnostic.ts'
import { diff, differenceOf, entriesOf, formOf, nothingThere, type Args, type Have } from './diff.ts'
import { excluding } from './exclude.ts'
import { digestOfItems, itemOf, parseManifest } from './manifest.ts'
import { args, key, returns, summary } from './schema.ts'
import { adjust, look, remove, unpack } from './scripts.ts'
import { archiveOf, packedArchive } from './tar.ts'

/** Bytes of what is sent up to which it travels in the script itself. */
const inline = large

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe(want) {
    const { owner, group } = formOf(want)
    const items = entriesOf(want).map((entry) => itemOf(entry, formOf(want)))
    const digest = want.src instanceof LocalFolder ? digestOfItems(items) : ''
    const by = (who: string, name: string, number: string) => (who === '-' ? '-' : /^\d+$/.test(who) ? number : name)
    const words = [normalPath(want.dest), digest, by(owner, '%u', '%U'), by(group, '%g', '%G')]
    return { kind: 'script', text: look, args: [...words, ...excluding(want.exclude ?? []).anywhere] }
  },
  parse,
  blank: () => nothingThere,
  diff,
  steps,
  returned(want) {
    const files = entriesOf(want).filter((entry) => entry.type === 'file')
    return {
      dest: normalPath(want.dest),
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.size, 0),
    }
  },
  /** What is as the task left it goes, and the directories that are empty then. */
  undo(want, have) {
    if (have.root.type !== 'directory' || !(want.src instanceof LocalFolder)) return []
    const { send } = differenceOf(want, have)
    const changed = new Set(send.map(({ item }) => item.name))
    const names = entriesOf(want)
      .map((entry) => entry.name)
      .filter((name) => !changed.has(name))
    const dest = normalPath(want.dest)
    return [
      listed(remove, [dest], names.toSorted().toReversed()),
      { kind: 'exec', argv: ['rmdir', '--ignore-fail-on-non-empty', '--', dest] },
    ]
  },
  effects: (want) => ({ writes: [pathEffect(want.dest)], reads: accountsRead(want) }),
  timeout: 1800,
}

function parse(output: Output, want: Args): Have {
  refuseDenied(output, want.dest)
  const said = (word: string): string | undefined =>
    output.stdout
      .split('\n')
      .find((line) => line.startsWith(`${word} `))
      ?.slice(word.length + 1)
  const state = said('root')
  if (state === undefined) return nothingThere
  const root = parseStat(state)
  if (root.type !== 'directory') return { ...nothingThere, root }
  if (/^same$/m.test(output.stdout)) return { root, items: undefined, same: true }
  const tree = said('tree')
  if (tree === undefined || tree === '')
    throw failure('E754', `${want.dest} cannot be read: ${output.stderr.trim() || 'no answer'}`)
  return { root, items: parseManifest(tree), same: false }
}

function steps(want: Args, have: Have): readonly Step[] {
  const dest = normalPath(want.dest)
  const difference = differenceOf(want, have)
  const { owner, group, directoryMode } = formOf(want)
  const account =
    owner === '-' && group === '-' ? '' : `${owner === '-' ? '' : owner}${group === '-' ? '' : `:${group}`}`
  const made = have.root.type === 'absent'
  const archive = difference.send.length > 0 || made ? archiveOf(difference.send) : undefined
  const beside = archive && archive.size > inline ? `${dest}.sync-${archive.id.slice(0, 16)}` : ''
  const removal = difference.remove.map((item) => item.name)
  return [
    ...(removal.length > 0 ? [listed(remove, [dest], removal)] : []),
    ...(archive && beside !== '' ? [{ kind: 'upload', path: beside, content: archive, mode: '0600' } as const] : []),
    ...(archive
      ? [
          {
            kind: 'script',
            text: unpack,
            args: [dest, directoryMode, account, beside],
            ...(beside === '' && { stdin: Buffer.from(packedArchive(archive, difference.send)).toString('base64') }),
          } as const,
        ]
      : []),
    ...adjustments(dest, account, difference),
  ]
}

function adjustments(dest: string, account: string, difference: ReturnType<typeof differenceOf>): readonly Step[] {
  const owned = difference.adjust.filter(({ item, have }) => item.owner !== have.owner || item.group !== have.group)
  // giving a file away takes its set-user-ID bits: so the mode comes after
  const modes = Map.groupBy(
    difference.adjust.filter(({ item }) => item.type !== 'link'),
    ({ item }) => item.mode,
  )
  const names = (list: typeof owned): readonly string[] => list.map(({ item }) => item.name)
  return [
    ...(owned.length > 0 ? [listed(adjust, [dest, 'chown', account], names(owned))] : []),
    ...[...modes].map(([mode, list]) => listed(adjust, [dest, 'chmod', `0${mode}`], names(list))),
  ]
}

/** Names of any bytes, on stdin. */
function listed(text: string, words: readonly string[], names: readonly string[]): Script {
  const list = Buffer.from(names.map((name) => `./${name}\0`).join(''), 'latin1').toString('base64')
  return { kind: 'script', text, args: words, stdin: list }
}
