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
import sys, urllib.request
url, *headers = sys.stdin.read().split("\\n")
request = urllib.request.Request(url, method=sys.argv[3])
for header in headers:
    name, colon, value = header.partition(":")
    if colon: request.add_header(name.strip(), value.strip())
try: answer = urllib.request.urlopen(request, timeout=float(sys.argv[2]))
except Exception as error: sys.exit(str(error))
if sys.argv[3] == "HEAD": print("\\n".join(f"{n.lower()}: {v}" for n, v in answer.headers.items()))
else:
    with open(sys.argv[1], "wb") as file:
        while block := answer.read(1 << 20): file.write(block)
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
heads() {
  if command -v curl >/dev/null; then
    settings "$1" "$3" | curl -fsSLI --connect-timeout 5 --max-time "$2" -K - | tr -d '\\r' | awk '/^HTTP\\// { text = ""; next } { at = index($0, ":"); text = text tolower(substr($0, 1, at)) substr($0, at + 1) "\\n" } END { printf "%s", text }'
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
