/**
 * Git as the user whose files they are: what stands in a working copy's `.git` (hooks, fsmonitor, filters) is run by git, so root
 * must not work in one that belongs to somebody else, and git would refuse to (safe.directory). A host that does not answer is not
 * waited for, and nobody is asked for a password.
 */
const asOwner = `
cd /
export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o ConnectTimeout=15' GIT_CEILING_DIRECTORIES="\${dest%/*}"
as=
if [ "$(id -u)" = 0 ]; then
  as=$owner
  if [ -z "$as" ] && [ -e "$dest" ]; then as=$(stat -L -c %U -- "$dest"); fi
  case $as in root|UNKNOWN) as= ;; esac
  if [ -n "$as" ]; then HOME=$(getent passwd "$as" | cut -d: -f6); export HOME; fi
fi
helper='!f() { [ "$1" = get ] && printf "username=%s\\npassword=%s\\n" "$RUNNER_GIT_USER" "$RUNNER_GIT_PASSWORD"; }; f'
site=\${repo#*://}
site=\${repo%%://*}://\${site%%/*}
# $1 seconds, then words
g() {
  limit=$1
  shift
  \${as:+runuser -u "$as" --} timeout "$limit" git -c advice.detachedHead=false -c init.defaultBranch=main -c http.lowSpeedLimit=1 -c http.lowSpeedTime=60 \${RUNNER_GIT_USER:+-c "credential.$site.helper=" -c "credential.$site.helper=$helper"} "$@"
}
`

/** $1 repo, $2 dest, $3 version, $4 owner or ''. */
export const look = `
repo=$1 dest=$2 version=$3 owner=$4
command -v git >/dev/null || { echo 'missing git'; exit 0; }
[ -z "$owner" ] || id -- "$owner" >/dev/null 2>&1 || { echo 'missing owner'; exit 0; }
${asOwner}
if [ -e "$dest" ]; then echo "owner $(stat -L -c '%U' -- "$dest")"; fi
if [ -e "$dest/.git" ]; then
  why=$(g 60 -C "$dest" rev-parse --git-dir 2>&1 >/dev/null) || { echo broken; printf '%s\\n' "$why" >&2; exit 0; }
  echo "head $(g 60 -C "$dest" rev-parse --quiet --verify HEAD)"
  echo "origin $(g 60 -C "$dest" config --get remote.origin.url)"
  [ -z "$(g 60 -C "$dest" status --porcelain --untracked-files=no)" ] || echo dirty
elif [ -e "$dest" ] && { [ ! -d "$dest" ] || [ -n "$(ls -A -- "$dest")" ]; }; then
  echo occupied
fi
case $version in
  *[!0-9a-f]*) ;;
  *) case \${#version} in 40|64) echo "wanted $version"; exit 0 ;; esac ;;
esac
# an annotated tag is followed to its commit (^{})
refs=$(g 60 ls-remote -- "$repo" "$version" "$version^{}" 2>&1) || { echo refused; printf '%s\\n' "$refs" >&2; exit 0; }
printf '%s\\n' "$refs" | awk -v version="$version" '
  $2 == "refs/tags/" version "^{}" { rank[5] = $1 }
  $2 == "refs/tags/" version { rank[4] = $1 }
  $2 == "refs/heads/" version { rank[3] = $1 }
  $2 == version "^{}" { rank[2] = $1 }
  $2 == version { rank[1] = $1 }
  END { for (i = 5; i > 0; i--) if (rank[i] != "") break; print "wanted", rank[i] }'
`

/** $1 repo, $2 dest, $3 version, $4 commit, $5 owner or '', $6 depth or '', $7 `force` or ''. Prints the commit that was there. */
export const act = `
repo=$1 dest=$2 version=$3 commit=$4 owner=$5 depth=$6 force=$7
if [ -n "$owner" ] && [ "$(id -un)" != "$owner" ] && [ "$(id -u)" != 0 ]; then echo "only root can make files of $owner: set become: true" >&2; exit 1; fi
set -e
if [ ! -e "$dest" ]; then
  mkdir -p -- "$dest"
  [ -z "$owner" ] || chown -- "$owner:$(id -gn -- "$owner")" "$dest"
elif [ -n "$owner" ] && [ "$(stat -L -c %U -- "$dest")" != "$owner" ]; then
  chown -R -h -- "$owner:$(id -gn -- "$owner")" "$dest"
fi
${asOwner}
if [ -e "$dest/.git" ]; then echo "before $(g 60 -C "$dest" rev-parse --quiet --verify HEAD || :)"; else g 60 init --quiet "$dest"; fi
if g 60 -C "$dest" config --get remote.origin.url >/dev/null; then g 60 -C "$dest" remote set-url origin "$repo"; else g 60 -C "$dest" remote add origin "$repo"; fi
fetch() { g 850 -C "$dest" fetch --quiet --force \${depth:+--depth "$depth"} "$@"; }
# not every server hands out a commit by its id: then the ref it was found by, then all there is
if ! g 60 -C "$dest" cat-file -e "$commit^{commit}" 2>/dev/null; then
  fetch origin "$commit" 2>/dev/null || fetch origin "$version" 2>/dev/null || fetch --tags origin '+refs/heads/*:refs/remotes/origin/*'
fi
g 300 -C "$dest" checkout --quiet \${force:+--force} --detach "$commit"
`
