/**
 * Shell functions `fetch URL FILE SECONDS HEADERS` and `heads URL SECONDS HEADERS` (what the server says about it, in small letters).
 * HEADERS are lines. URL and headers may hold passwords, so they go to the program by its standard input or a file, never by its
 * command line. curl, else wget, else Python: of a small image none is sure to be there.
 */
export const fetchFunctions = `
quoted() { printf %s "$1" | sed 's/[\\\\"]/\\\\&/g'; }
settings() {
  printf 'url = "%s"\\n' "$(quoted "$1")"
  [ -z "$2" ] || printf '%s\\n' "$2" | while IFS= read -r header; do printf 'header = "%s"\\n' "$(quoted "$header")"; done
}
python_fetch='
import sys, urllib.error, urllib.request
url, *headers = sys.stdin.read().split("\\n")
request = urllib.request.Request(url, method=sys.argv[3])
for header in headers:
    name, colon, value = header.partition(":")
    if colon: request.add_header(name.strip(), value.strip())
try: answer = urllib.request.urlopen(request, timeout=float(sys.argv[2]))
except urllib.error.HTTPError as error:
    if len(sys.argv) > 4: open(sys.argv[4], "w").write(f"HTTP/1.1 {error.code}\\n")
    print(error, file=sys.stderr)
    sys.exit(22)
except Exception as error: sys.exit(str(error))
says = "".join(f"{name.lower()}: {value}\\n" for name, value in answer.headers.items())
if sys.argv[3] == "HEAD": print(says, end="")
else:
    if len(sys.argv) > 4: open(sys.argv[4], "w").write(f"HTTP/1.1 {answer.status}\\n{says}")
    with open(sys.argv[1], "wb") as file:
        while block := answer.read(1 << 20): file.write(block)
    # read() says nothing of what is missing
    if answer.length: sys.exit(f"{answer.length} bytes are missing")
'
fetch() {
  if command -v curl >/dev/null; then
    settings "$1" "$4" | curl -fsSL --retry 3 --connect-timeout 20 --max-time "$3" -o "$2" -K -
  elif command -v wget >/dev/null; then
    (
      umask 077
      rc=$(mktemp) || exit
      trap 'rm -f "$rc"' EXIT
      [ -z "$4" ] || printf '%s\\n' "$4" | sed 's/^/header = /' >"$rc"
      # it says what it does where others say what is wrong, with the address and what may be in it
      said=$(printf '%s\\n' "$1" | WGETRC=$rc timeout "$3" wget -nv --tries=3 --timeout=20 -O "$2" -i - 2>&1) || { printf '%s\\n' "$said" | sed -n '/ERROR\\|failed\\|unable/s#://[^/@]*@#://#p' >&2; false; }
    )
  elif command -v python3 >/dev/null; then
    printf '%s\\n%s' "$1" "$4" | timeout "$3" python3 -c "$python_fetch" "$2" 20 GET
  else
    echo 'there is neither curl nor wget nor python3 on the host: install curl by a task before' >&2
    return 127
  fi
}
# GET of an address into "$2.more", what the server says into "$2.head": $1 URL; $2 files; $3 seconds; $4 headers
ask() {
  here='echo $$ >"$0"; exec "$@"'
  rm -f -- "$2.more" "$2.head"
  if command -v curl >/dev/null; then
    settings "$1" "$4" | sh -c "$here" "$2.pid" curl -fsSL --connect-timeout 20 --speed-limit 1 --speed-time 30 --max-time "$3" -D "$2.head" -o "$2.more" -K -
  elif command -v python3 >/dev/null; then
    printf '%s\\n%s' "$1" "$4" | sh -c "$here" "$2.pid" timeout "$3" python3 -c "$python_fetch" "$2.more" 20 GET "$2.head"
  else
    # wget does not say whether what it asked for is what it was given: it begins anew
    rm -f -- "$2.part"
    # wget tries three times itself
    fetch "$1" "$2.more" "$3" "$4" || return 4
    echo 'HTTP/1.1 200' >"$2.head"
  fi
}
# what a server says, of the last answer only: its names in small letters
lowered() { tr -d '\\r' | awk '/^HTTP\\// { text = "status: " $2 "\\n"; next } { at = index($0, ":"); text = text tolower(substr($0, 1, at)) substr($0, at + 1) "\\n" } END { printf "%s", text }'; }
heads() {
  if command -v curl >/dev/null; then
    settings "$1" "$3" | curl -fsSLI --connect-timeout 5 --max-time "$2" -K - | lowered
  elif command -v python3 >/dev/null; then
    printf '%s\\n%s' "$1" "$3" | timeout "$2" python3 -c "$python_fetch" - 5 HEAD
  else
    echo 'there is neither curl nor python3 on the host' >&2
    return 127
  fi
}
`

/** Seconds after which a download is given up. */
export const fetchLimit = '1500'
