/**
 * $1 project, $2 directory, then files. Prints `want SERVICE HASH` as Compose computes it now, `have SERVICE HASH STATE HEALTH IMAGE` of
 * what is there, and digests of the sources of images that are built: those that were recorded when they were last built, and now.
 * The configuration hash does not cover the sources of an image, and that of `config` is not always the one in the container's label
 * (what is built or read from files differs), so both are kept when the project was brought up: `kept SERVICE CONFIG LABEL`.
 */
export const look = `
project=$1 dir=$2
shift 2
command -v docker >/dev/null || { echo 'missing docker'; exit 0; }
cd "$dir" 2>/dev/null || { echo 'missing dir'; exit 0; }
for file in "$@"; do set -- "$@" -f "$file"; shift; done
compose() { docker compose --project-name "$project" "$@"; }
hashes=$(compose "$@" config --hash '*' 2>/tmp/.runner-compose-$$) || { echo 'fault'; cat /tmp/.runner-compose-$$ >&2; rm -f /tmp/.runner-compose-$$; exit 0; }
rm -f /tmp/.runner-compose-$$
printf '%s\\n' "$hashes" | sed 's/^/want /'
docker ps --all --no-trunc --filter "label=com.docker.compose.project=$project" --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.config-hash"}} {{.State}} {{.Status}}' | sed 's/^/have /'
docker ps --all --no-trunc --filter "label=com.docker.compose.project=$project" --format '{{.ID}}' | while read -r id; do docker inspect --format 'image {{.Image}}' "$id"; done | sort -u
echo "sources $(find . -name node_modules -prune -o -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)"
[ -r "/var/lib/runner/compose/$project" ] && cat "/var/lib/runner/compose/$project"
exit 0
`

/** $1 project, $2 directory, $3 digest of the sources, $4 seconds to wait, $5 options of up, then files. Says of a failure what the containers said last. */
export const up = `
project=$1 dir=$2 sources=$3 wait=$4 options=$5
shift 5
cd "$dir" || exit
for file in "$@"; do set -- "$@" -f "$file"; shift; done
# shellcheck disable=SC2086
docker compose --project-name "$project" "$@" up --detach --wait --wait-timeout "$wait" --quiet-pull $options
code=$?
if [ $code -ne 0 ]; then
  docker compose --project-name "$project" "$@" ps --all >&2
  docker compose --project-name "$project" "$@" logs --tail 20 --no-color >&2
  exit $code
fi
now=$(find . -name node_modules -prune -o -name .git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)
mkdir -p /var/lib/runner/compose && {
  echo "built $now"
  docker compose --project-name "$project" "$@" config --hash '*' | while read -r service hash; do
    label=$(docker ps --all --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$service" --format '{{.Label "com.docker.compose.config-hash"}}' | head -n 1)
    echo "kept $service $hash $label"
  done
} >"/var/lib/runner/compose/$project"
`

/** $1 project, $2 directory, then files. */
export const down = `
project=$1 dir=$2
shift 2
command -v docker >/dev/null || exit 0
if cd "$dir" 2>/dev/null; then
  for file in "$@"; do set -- "$@" -f "$file"; shift; done
  docker compose --project-name "$project" "$@" down --remove-orphans || exit
else
  docker compose --project-name "$project" down --remove-orphans || exit
fi
rm -f "/var/lib/runner/compose/$project"
`
