/**
 * Digests of what images are built from: `source SERVICE DIGEST`. Compose's hash of a service's configuration does not cover it. Which
 * directory that is, is read from the project as Compose writes it out: always indented alike, services two levels up.
 */
const sources = `
sources() {
  compose "$@" config 2>/dev/null | awk '
    { match($0, /^ */); depth = RLENGTH }
    /^[^ ]/ { inside = $0 == "services:"; unit = 0; next }
    !inside { next }
    !unit { unit = depth }
    depth == unit { service = $1; sub(/:$/, "", service); gsub(/["\\047]/, "", service); build = 0; next }
    depth == 2 * unit { build = $1 == "build:"; next }
    build && depth == 3 * unit && $1 == "context:" { sub(/^ *context: /, ""); gsub(/^["\\047]|["\\047]$/, ""); print service, $0 }
  ' | while read -r service context; do
    [ -d "$context" ] && echo "source $service $(cd "$context" && find . -name node_modules -prune -o -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64)"
  done
}
`

const functions = `
compose() { docker compose --project-name "$project" "$@"; }
containers() { docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.oneoff=False; }
${sources}`

/**
 * $1 project, $2 directory, then files. Prints `want SERVICE HASH` as Compose computes it now; of each container `have SERVICE HASH STATE
 * HEALTH IMAGE NAME`; of each name of an image what it means now, `local NAME ID`; and the digests of sources: `source` now, `built` when
 * last brought up. The hash of `config` is not always the one in the container's label (what is built or read from files differs), so
 * both are kept when the project was brought up: `kept SERVICE CONFIG LABEL`.
 */
export const look = `${functions}
project=$1 dir=$2
shift 2
command -v docker >/dev/null || { echo 'missing docker'; exit 0; }
docker compose version >/dev/null 2>&1 || { echo 'missing compose'; exit 0; }
cd "$dir" 2>/dev/null || { echo 'missing dir'; exit 0; }
for file in "$@"; do set -- "$@" -f "$file"; shift; done
if ! hashes=$(compose "$@" config --hash '*' 2>&1); then
  case $hashes in
    *'no configuration file provided'* | *'no such file or directory'*) echo 'missing file' ;;
    *) echo fault; printf '%s\\n' "$hashes" >&2 ;;
  esac
  exit 0
fi
# warnings are among them
printf '%s\\n' "$hashes" | sed -n 's/^\\([^ ]* [0-9a-f]*\\)$/want \\1/p'
all=$(containers)
if [ "$all" ]; then
  # shellcheck disable=SC2086
  lines=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} {{index .Config.Labels "com.docker.compose.config-hash"}} {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.Image}} {{.Config.Image}}' $all)
  printf '%s\\n' "$lines" | sed 's/^/have /'
  printf '%s\\n' "$lines" | awk '{ print $6 }' | sort -u | while read -r name; do
    id=$(docker image inspect --format '{{.Id}}' "$name" 2>/dev/null) && echo "local $name $id"
  done
fi
sources "$@"
[ -r "/var/lib/runner/compose/$project" ] && cat "/var/lib/runner/compose/$project"
exit 0
`

/**
 * $1 project, $2 directory, $3 seconds to wait, $4 policy of pulling or '', $5 `keep` those of services that are gone or '', $6 services
 * whose images are built or '', then files. Of a failure it shows what those say that are not well: their health check and their log.
 */
export const up = `${functions}
project=$1 dir=$2 wait=$3 pull=$4 orphans=$5 build=$6
shift 6
cd "$dir" || exit
for file in "$@"; do set -- "$@" -f "$file"; shift; done
# shellcheck disable=SC2086
if [ "$build" ]; then compose "$@" build $build || exit; fi
# first and by itself, so that it says how far it is; what is wrong with it, \`up\` says
[ "$pull" = never ] || compose --progress plain "$@" pull --policy "\${pull:-missing}" --ignore-buildable 2>&1 || :
compose "$@" up --detach --wait --wait-timeout "$wait" --quiet-pull \${pull:+--pull "$pull"} $([ "$orphans" ] || echo --remove-orphans)
code=$?
if [ $code -ne 0 ]; then
  for id in $(containers); do
    state=$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}} is {{.State.Status}}{{if .State.Health}}, {{.State.Health.Status}}{{end}}{{if ne .State.Status "running"}} (exit status {{.State.ExitCode}}{{with .State.Error}}: {{.}}{{end}}){{end}}' "$id")
    case $state in *' is running'|*' is running, healthy') continue ;; esac
    echo "$state"
    docker inspect --format '{{if .State.Health}}{{range .State.Health.Log}}{{.Output}}{{"\\n"}}{{end}}{{end}}' "$id" | grep . | tail -n 1 | sed 's/^/health check: /'
    echo 'its last lines:'
    docker logs --tail 6 "$id" 2>&1 | sed 's/^/  /'
  done >&2
  exit $code
fi
mkdir -p /var/lib/runner/compose && {
  sources "$@" | sed 's/^source /built /'
  compose "$@" config --hash '*' | while read -r service hash; do
    label=$(docker ps --all --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$service" --format '{{.Label "com.docker.compose.config-hash"}}' | head -n 1)
    echo "kept $service $hash $label"
  done
} >"/var/lib/runner/compose/$project"
`

/** $1 project, $2 directory, then files. Volumes stay. */
export const down = `${functions}
project=$1 dir=$2
shift 2
command -v docker >/dev/null || exit 0
if cd "$dir" 2>/dev/null; then
  for file in "$@"; do set -- "$@" -f "$file"; shift; done
  compose "$@" down --remove-orphans || exit
else
  compose down --remove-orphans || exit
fi
rm -f "/var/lib/runner/compose/$project"
`
