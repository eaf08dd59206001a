/** A job has a folder with a lock, and in it for each release a folder with what it printed, which is there only when it went well. */
export const look = `
LC_ALL=C
export LC_ALL
done=$1/$2/$3
if [ -d "$done" ]; then
  echo "ran $(cat "$done/at")"
  printf 'stdout '; base64 -w0 <"$done/stdout"; echo
  printf 'stderr '; base64 -w0 <"$done/stderr"; echo
else ls -d -- "$done" >/dev/null; fi
exit 0
`

/**
 * $1 folder; $2 job; $3 digest of the release; $4 seconds to wait for the lock; $5 directory or ''; $6 how many are remembered; $7 the
 * release for people; then the program. flock(1) is of util-linux, so every Debian has it; over NFS it locks for all hosts (flock(2)).
 * Under the lock it is looked again: who waited finds that it has run.
 */
export const run = `
base=$1/$2 done=$1/$2/$3 wait=$4 directory=$5 keep=$6 release=$7
shift 7
command -v flock >/dev/null || { echo 'there is no flock on the host: it is part of util-linux' >&2; exit 1; }
mkdir -p -- "$base" && chmod 0700 "$base" || exit
exec 9>"$base/lock" || exit
flock -w "$wait" 9 || { echo "somebody else has been running this job for more than $wait s: $(cat "$base/running" 2>/dev/null)" >&2; exit 75; }
if [ -d "$done" ]; then cat "$done/stdout"; cat "$done/stderr" >&2; exit 0; fi
new=$(mktemp -d -- "$base/.new.XXXXXX") || exit
trap 'rm -rf -- "$new"; rm -f -- "$base/running"' EXIT
trap 'exit 143' HUP INT TERM
printf '%s, process %s, for %s\\n' "$(uname -n)" "$$" "$release" >"$base/running"
printf '%s %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(uname -n)" >"$new/at"
printf '%s\\n' "$release" >"$new/release"
cd -- "\${directory:-.}" || exit
# what it prints is seen while it runs, and kept; its own exit status is the one that counts
mkfifo "$new/out" "$new/err" || exit
tee "$new/stdout.all" <"$new/out" 9>&- & out=$!
tee "$new/stderr.all" <"$new/err" >&2 9>&- & err=$!
"$@" >"$new/out" 2>"$new/err" 9>&-
code=$?
# a process that it left behind may hold the pipes open: it is not waited for
for n in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$out" 2>/dev/null || kill -0 "$err" 2>/dev/null || break; sleep 0.2; done
kill "$out" "$err" 2>/dev/null
for one in stdout stderr; do tail -c 65536 "$new/$one.all" >"$new/$one"; rm -f "$new/$one.all"; done
rm -f "$new/out" "$new/err"
if [ $code -ne 0 ]; then
  rm -rf -- "$base/failed" && cp -r -- "$new" "$base/failed"
  exit $code
fi
mv -T -- "$new" "$done" || exit
ls -1td -- "$base"/[0-9a-f]*/ 2>/dev/null | tail -n +$((keep + 1)) | while IFS= read -r old; do rm -rf -- "$old"; done
`
