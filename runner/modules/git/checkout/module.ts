import type { Output, Step } from '../../../connections/connection.ts'
import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import { firstUnknown } from '../../../plan/unknown.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

interface Have {
  /** Commit of the working copy; undefined: there is none. */
  readonly head: string | undefined
  readonly origin: string | undefined
  readonly dirty: boolean
  /** Commit that is wanted; undefined: there is no git yet to ask. */
  readonly wanted: string | undefined
}

// $1 repo, $2 dest, $3 version. The directory may belong to another user, which git would refuse (safe.directory).
const look = `
repo=$1 dest=$2 version=$3
command -v git >/dev/null || { echo 'missing git'; exit 0; }
export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o ConnectTimeout=15'
g() { git -c safe.directory='*' "$@"; }
if [ -e "$dest/.git" ]; then
  echo "head $(g -C "$dest" rev-parse HEAD 2>/dev/null)"
  echo "origin $(g -C "$dest" remote get-url origin 2>/dev/null)"
  [ -z "$(g -C "$dest" status --porcelain --untracked-files=no 2>/dev/null)" ] || echo dirty
elif [ -d "$dest" ] && [ -n "$(ls -A "$dest" 2>/dev/null)" ]; then
  echo occupied
fi
case $version in
  *[!0-9a-f]*) ;;
  ????????????????????????????????????????) echo "wanted $version"; exit 0 ;;
esac
# an annotated tag is followed to its commit (^{})
refs=$(g ls-remote "$repo" "$version" "refs/tags/$version^{}" 2>&1) || { echo refused; printf '%s\\n' "$refs" >&2; exit 0; }
printf '%s\\n' "$refs" | awk -v version="$version" '
  $2 == "refs/tags/" version "^{}" { best = $1; rank = 4 }
  $2 == "refs/heads/" version && rank < 3 { best = $1; rank = 3 }
  $2 == "refs/tags/" version && rank < 2 { best = $1; rank = 2 }
  $2 == version && rank < 1 { best = $1; rank = 1 }
  END { print "wanted", best }'
`

// $1 repo, $2 dest, $3 version, $4 commit, $5 depth or '', $6 force or ''
const act = `
repo=$1 dest=$2 version=$3 commit=$4 depth=$5 force=$6
export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o ConnectTimeout=15'
g() { git -c safe.directory='*' -c advice.detachedHead=false "$@"; }
set -e
mkdir -p "$dest"
[ -e "$dest/.git" ] || g init --quiet "$dest"
g -C "$dest" remote get-url origin >/dev/null 2>&1 && g -C "$dest" remote set-url origin "$repo" || g -C "$dest" remote add origin "$repo"
g -C "$dest" fetch --quiet --force --tags \${depth:+--depth "$depth"} origin "$commit" 2>/dev/null || g -C "$dest" fetch --quiet --force --tags \${depth:+--depth "$depth"} origin "$version" || g -C "$dest" fetch --quiet --force --tags origin
g -C "$dest" checkout --quiet \${force:+--force} --detach "\${commit:-FETCH_HEAD}"
`

export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  probe: ({ repo, dest, version }) => ({ kind: 'script', text: look, args: [repo, dest, version ?? 'HEAD'] }),
  parse,
  blank: () => ({ head: undefined, origin: undefined, dirty: false, wanted: undefined }),
  diff,
  steps: ({ repo, dest, version, depth, force }, have): readonly Step[] => [
    {
      kind: 'script',
      text: act,
      args: [
        repo,
        dest,
        version ?? 'HEAD',
        have.wanted ?? '',
        depth === undefined ? '' : String(depth),
        force === true ? 'force' : '',
      ],
    },
  ],
  returned: (_want, have) => ({ before: have.head ?? '', ...(have.head !== undefined && { after: have.head }) }),
  unsettled: ['before', 'after'],
  effects: ({ dest }) => ({ writes: [dest], reads: ['package:git'] }),
  timeout: 900,
}

function parse({ stdout, stderr }: Output, { repo, dest, version = 'HEAD' }: Args): Have {
  let have: Have = { head: undefined, origin: undefined, dirty: false, wanted: undefined }
  for (const line of stdout.split('\n')) {
    const [kind, value = ''] = line.split(' ')
    if (kind === 'missing') return have
    if (kind === 'occupied')
      throw failure('E774', `${dest} is not empty and no working copy`, {
        hint: 'move it away, or name another directory',
      })
    if (kind === 'refused')
      throw failure('E775', `${repo} cannot be read: ${stderr.trim().split('\n').at(-1) ?? ''}`, {
        hint: 'check its address, and that the host may read it (a deploy key, a token in a credential helper)',
      })
    if (kind === 'head' && value !== '') have = { ...have, head: value }
    if (kind === 'origin') have = { ...have, origin: value }
    if (kind === 'dirty') have = { ...have, dirty: true }
    if (kind === 'wanted') {
      if (value === '')
        throw failure('E775', `${repo} has no branch, tag or commit ${version}`, {
          hint: '`git ls-remote` lists what it has; a commit must be written in full',
        })
      have = { ...have, wanted: value }
    }
  }
  return have
}

function diff(want: Args, have: Have): Change {
  const unknown = firstUnknown([want.depth ?? null, want.force ?? null])
  if (have.head === undefined)
    return {
      action: 'create',
      fields: [
        { path: 'version', after: have.wanted ?? want.version ?? 'HEAD', known: true },
        ...(unknown ? [{ path: 'depth', known: false }] : []),
      ],
    }
  if (have.dirty && want.force !== true && !unknown)
    throw failure('E776', `files of ${want.dest} were changed on the host`, {
      hint: 'commit them elsewhere, or say `force: true` to throw them away',
    })
  const change = compare(
    { version: have.wanted, repo: want.repo, local_changes: have.dirty ? 'none' : undefined },
    { version: have.head, repo: have.origin, local_changes: have.dirty ? 'there are some' : undefined },
  )
  return unknown && change.action === 'none'
    ? { action: 'unknown', fields: [{ path: 'depth', known: false }], why: unknown.why }
    : change
}
