import type { Output, Step } from '../../../connections/connection.ts'
import type { Change, Field } from '../../../plan/change.ts'
import type { ArgsOf, HostModule } from '../../module.ts'
import { dockerThere, refuseWithoutDocker } from '../docker-there.ts'
import { args, key, returns, summary } from './schema.ts'

type Args = ArgsOf<typeof args>

const kinds = ['containers', 'images', 'networks', 'volumes', 'build_cache'] as const
type Have = Readonly<Record<(typeof kinds)[number], readonly string[]>>

const nothingThere: Have = { containers: [], images: [], networks: [], volumes: [], build_cache: [] }

// $1 images: dangling, unused or none; $2 containers; $3 networks; $4 volumes; $5 build cache; $6 seconds or 0
const look = `${dockerThere}
before=$(($(date +%s) - $6))
# reads lines "kind time name" and prints what is old enough
old() { while read -r kind time name; do [ "$(date -d "$time" +%s)" -gt "$before" ] || echo "$kind $name"; done; }
gone=
if [ "$2" = true ]; then
  gone=$(docker ps --all --quiet --no-trunc --filter status=exited --filter status=created --filter status=dead | xargs -r docker inspect --format 'containers {{.Created}} {{.Name}} {{.Id}} {{.Image}}' | while read -r kind time name id image; do [ "$(date -d "$time" +%s)" -gt "$before" ] || echo "$kind $name $id $image"; done)
  printf '%s\\n' "$gone" | awk 'NF { sub(/^\\//, "", $2); print $1, $2 }'
fi
case $1 in
  dangling) docker image ls --quiet --no-trunc --filter dangling=true | sort -u | xargs -r docker image inspect --format 'images {{.Created}} {{.Id}}' | old ;;
  unused)
    used=$(mktemp) || exit
    # a container that goes first no longer uses its image
    docker ps --all --quiet --no-trunc | xargs -r docker inspect --format '{{.Id}} {{.Image}}' | while read -r id image; do case $gone in *"$id"*) ;; *) echo "$image" ;; esac; done | sort -u >"$used"
    docker image ls --quiet --no-trunc | sort -u | grep -vxF -f "$used" | xargs -r docker image inspect --format 'images {{.Created}} {{if .RepoTags}}{{index .RepoTags 0}}{{else}}{{.Id}}{{end}}' | old
    rm -f "$used" ;;
esac
[ "$3" != true ] || docker network ls --quiet --filter dangling=true --filter type=custom | xargs -r docker network inspect --format 'networks {{.Created.Format "2006-01-02T15:04:05Z07:00"}} {{.Name}}' 2>/dev/null | old
case $4 in
  anonymous) docker volume ls --quiet --filter dangling=true --filter label=com.docker.volume.anonymous | sed 's/^/volumes /' ;;
  unused) docker volume ls --quiet --filter dangling=true | sed 's/^/volumes /' ;;
esac
[ "$5" != true ] || docker system df --format '{{.Type}}={{.TotalCount}}={{.Reclaimable}}' | awk -F= '$1 == "Build Cache" && $2 > 0 && $3 !~ /^0B/ { print "build_cache", $3 }'
exit 0
`

/** Without declared effects: it may take away what an earlier task has just brought. */
export const module: HostModule<Args, Have> = {
  on: 'host',
  summary,
  args,
  returns,
  key,
  usual: 5,
  unsettled: ['reclaimed'],
  probe: ({
    images = 'dangling',
    containers = true,
    networks = true,
    volumes = 'none',
    build_cache = false,
    older_than,
  }) => ({
    kind: 'script',
    text: look,
    args: [
      images,
      String(containers),
      String(networks),
      volumes,
      String(build_cache),
      String(hoursOf(older_than) * 3600),
    ],
  }),
  parse,
  blank: () => nothingThere,
  diff,
  steps,
  returned: (_want, _have, done = []) => ({
    reclaimed: done.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line.startsWith('Total reclaimed'))),
  }),
  timeout: 1800,
}

function hoursOf(span: string | undefined): number {
  if (span === undefined) return 0
  return Number(span.slice(0, -1)) * (span.endsWith('d') ? 24 : 1)
}

function parse(output: Output): Have {
  refuseWithoutDocker(output)
  const lines = output.stdout
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])
  const all = (kind: string): readonly string[] =>
    lines.flatMap(([one, name = '']) => (one === kind ? [name.trim()] : []))
  return Object.fromEntries(kinds.map((kind) => [kind, all(kind)])) as unknown as Have
}

function diff(_want: Args, have: Have): Change {
  const fields = kinds.flatMap((path): readonly Field[] =>
    have[path].length === 0
      ? []
      : [
          {
            path,
            before: have[path],
            after: [],
            known: true,
            ...(path === 'volumes' && { disruption: 'data_loss' as const }),
          },
        ],
  )
  return fields.length === 0 ? { action: 'none', fields } : { action: 'delete', fields }
}

function steps(want: Args, _have: Have, change: Change): readonly Step[] {
  const { images = 'dangling', volumes = 'none', older_than } = want
  const changed = (path: string): boolean => change.fields.some((field) => field.path === path)
  const until = older_than === undefined ? [] : ['--filter', `until=${hoursOf(older_than)}h`]
  const prune = (kind: string, ...words: readonly string[]): Step => ({
    kind: 'exec',
    argv: ['docker', kind, 'prune', '--force', ...words],
  })
  return [
    ...(changed('containers') ? [prune('container', ...until)] : []),
    ...(changed('images') ? [prune('image', ...(images === 'unused' ? ['--all'] : []), ...until)] : []),
    ...(changed('networks') ? [prune('network', ...until)] : []),
    ...(changed('volumes') ? [prune('volume', ...(volumes === 'unused' ? ['--all'] : []))] : []),
    ...(changed('build_cache') ? [prune('builder', ...until)] : []),
  ]
}
