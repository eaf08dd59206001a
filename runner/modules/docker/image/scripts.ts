import { dockerThere } from '../docker-there.ts'

/** `contentOf DIRECTORY`: a digest of names, modes, links and contents below it. */
const contentFunction = `
contentOf() { (
  LC_ALL=C
  export LC_ALL
  cd -- "$1" && { find . -printf '%y %m %P//%l\\0' | sort -z; find . -type f -print0 | sort -z | xargs -0 -r sha256sum -z --; } | sha256sum | cut -d' ' -f1
); }
`

/**
 * $1 name; $2 \`pull\`, \`build\` or \`load\`; $3 directory or file; $4 what else decides a build; $5 \`update\` or ''; $6 repository whose
 * other images are asked for, or ''. The label says of what a build was made: it is part of the image, so nothing can lose it.
 */
export const look = `${dockerThere}${contentFunction}
docker image inspect --format 'image {{.Id}} {{index .Config.Labels "runner.made-of"}}{{"\\n"}}{{range .RepoDigests}}digest {{.}}{{"\\n"}}{{end}}' "$1" 2>/dev/null | sed 's/<no value>//'
case $2 in
  build) if [ -d "$3" ]; then echo "content $(printf '%s %s' "$(contentOf "$3")" "$4" | sha256sum | cut -d' ' -f1)"; else echo nocontext; fi ;;
  load)
    if [ -f "$3" ]; then
      # the configuration's digest is the image's id; containerd's store names an image by its manifest instead
      tar -xOf "$3" manifest.json 2>/dev/null | tr ',{[' '\\n\\n\\n' | sed -n 's/.*"Config": *"\\(blobs\\/sha256\\/\\)\\{0,1\\}\\([0-9a-f]\\{64\\}\\).*/archive sha256:\\2/p'
      tar -xOf "$3" index.json 2>/dev/null | tr ',{[' '\\n\\n\\n' | sed -n 's/.*"digest": *"\\(sha256:[0-9a-f]\\{64\\}\\)".*/archive \\1/p'
      echo "content $(sha256sum <"$3" | cut -d' ' -f1)"
    else echo noarchive; fi ;;
  pull)
    [ -z "$5" ] || {
      now=$(docker buildx imagetools inspect "$1" 2>/dev/null | awk '$1 == "Digest:" { print $2; exit }')
      [ "$now" ] || now=$(curl -fsS --max-time 20 --unix-socket /var/run/docker.sock "http://docker/distribution/$1/json" 2>/dev/null | sed -n 's/.*"digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p')
      [ -z "$now" ] || echo "registry $now"
    } ;;
esac
[ -z "$6" ] || {
  docker ps --all --quiet | xargs -r docker inspect --format 'used {{.Image}}'
  docker image ls --no-trunc --format '{{.Tag}} {{.ID}}' "$6" | while read -r tag id; do echo "other $tag $id"; done
}
exit 0
`

/** $1 name; $2 directory; $3 Dockerfile; $4 what else decides; then options. */
export const build = `${contentFunction}
name=$1 context=$2 file=$3 rest=$4
shift 4
content=$(printf '%s %s' "$(contentOf "$context")" "$rest" | sha256sum | cut -d' ' -f1)
docker build --label "runner.made-of=$content" --tag "$name" --file "$context/$file" "$@" "$context"
`

/** $1 name; $2 file. What it was called when it was saved does not matter. */
export const load = `
said=$(docker load --input "$2") || exit
printf '%s\\n' "$said"
docker image inspect "$1" >/dev/null 2>&1 && printf '%s\\n' "$said" | grep -qF ": $1" && exit
loaded=$(printf '%s\\n' "$said" | sed -n 's/^Loaded image\\( ID\\)\\{0,1\\}: //p' | head -n 1)
[ "$loaded" ] || { echo 'the file holds no image' >&2; exit 1; }
docker tag "$loaded" "$1"
`
