// look port HOST PORT REGEX SECONDS | look path PATH '' REGEX: prints `up` or `down` and, for people, what was seen.
// bash opens the connection, because every distribution with apt has it and none is sure to have nc.
const look = `
LC_ALL=C
export LC_ALL
look() {
  if [ "$1" = path ]; then
    if [ -e "$2" ] || [ -L "$2" ]; then
      if [ -z "$4" ]; then echo "up $2 is there"
      elif found=$(grep -E -e "$4" "$2" 2>&1 | head -n 1) && [ "$found" ]; then echo "up $2 holds it"
      else echo "down $2 is there, but does not hold it"; fi
    elif why=$(stat "$2" 2>&1) || [ "$why" = "\${why%ermission denied}" ]; then echo "down $2 is not there"
    else echo "denied $why"; fi
  elif command -v bash >/dev/null; then
    why=$(timeout "$5" bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 1; [ -z "$2" ] || grep -Eqm1 -e "$2" <&3 || exit 3' "$2" "$3" "$4" 2>&1)
    code=$?
    why=\${why%%"
"*}
    case $code in
      0) echo "up port $3 answers" ;;
      3) echo "down port $3 answers, but does not say it" ;;
      124) echo "down no answer within $5 s" ;;
      *) echo "down \${why##*: }" ;;
    esac
  elif nc -z -w "$5" "$2" "$3" 2>/dev/null; then echo "up port $3 answers"
  else echo "down port $3 does not answer"; fi
}
`

/** One look; the arguments are those of `look`. */
export const lookOnce = `${look}look "$@"\n`

/** $1 `up` or `down`; $2 delay; $3 pause; $4 limit; $5 what is waited for; $6 message of the user or ''; then those of `look`. */
export const waitUntil = `${look}
wanted=$1 delay=$2 pause=$3 limit=$4 what=$5 message=$6 said='' spoke=0
shift 6
start=$(date +%s)
sleep "$delay"
while :; do
  seen=$(look "$@")
  past=$(($(date +%s) - start))
  case $seen in "$wanted "*) echo "$past s: \${seen#* }"; exit 0 ;; esac
  [ "$past" -lt "$limit" ] || break
  if [ "$seen" != "$said" ] || [ $((past - spoke)) -ge 10 ]; then
    echo "$past s: \${seen#* }"
    said=$seen spoke=$past
  fi
  sleep "$pause"
done
echo "\${message:-waited $limit s for $what}; last seen: \${seen#* }" >&2
exit 1
`
