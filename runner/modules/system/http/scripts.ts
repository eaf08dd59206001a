/**
 * `ask METHOD URL SECONDS FOLLOW VERIFY HEADERS`, the body on stdin: prints `status N TYPE` and the answer in base64, or `none` and why.
 * URL, headers and body may hold passwords, so they are on no command line. curl, else wget, else Python.
 */
const ask = `
quoted() { printf %s "$1" | sed 's/[\\\\"]/\\\\&/g'; }
python_ask='
import ssl, sys, urllib.request, urllib.error
folder, seconds, method, follow, verify = sys.argv[1:]
url, *headers = open(folder + "/headers").read().split("\\n")
body = open(folder + "/body", "rb").read()
request = urllib.request.Request(url, data=body if body or method not in ("GET", "HEAD", "DELETE") else None, method=method)
for header in headers:
    name, colon, value = header.partition(":")
    if colon: request.add_header(name.strip(), value.strip())
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_): return None
context = ssl.create_default_context()
if verify != "true": context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
handlers = [urllib.request.HTTPSHandler(context=context)] + ([] if follow == "true" else [Stay()])
try: answer = urllib.request.build_opener(*handlers).open(request, timeout=float(seconds))
except urllib.error.HTTPError as error: answer = error
except Exception as error: sys.exit(str(getattr(error, "reason", error)))
open(folder + "/answer", "wb").write(answer.read(1 << 20))
print(answer.status, answer.headers.get("content-type", ""))
'
ask() (
  umask 077
  folder=$(mktemp -d) || exit
  trap 'rm -rf "$folder"' EXIT
  cat >"$folder/body"
  : >"$folder/answer"
  if command -v curl >/dev/null; then
    {
      printf 'url = "%s"\\nrequest = "%s"\\n' "$(quoted "$2")" "$1"
      [ "$1" != HEAD ] || echo head
      [ "$4" != true ] || printf 'location\\nmax-redirs = 10\\n'
      [ "$5" = true ] || echo insecure
      [ ! -s "$folder/body" ] || printf 'data-binary = "@%s/body"\\n' "$folder"
      [ -z "$6" ] || printf '%s\\n' "$6" | while IFS= read -r header; do printf 'header = "%s"\\n' "$(quoted "$header")"; done
    } >"$folder/settings"
    said=$(curl -sS -N --max-time "$3" -o "$folder/answer" -w '%{http_code} %{content_type}' -K "$folder/settings" 2>"$folder/error") || { echo "none $(sed 's/^curl: ([0-9]*) //' "$folder/error")"; return 0; }
  elif command -v python3 >/dev/null; then
    printf '%s\\n%s' "$2" "$6" >"$folder/headers"
    said=$(timeout "$3" python3 -c "$python_ask" "$folder" "$3" "$1" "$4" "$5" 2>"$folder/error") || { echo "none $(tail -n 1 "$folder/error")"; return 0; }
  elif command -v wget >/dev/null && [ "$1" != HEAD ]; then
    { [ -z "$6" ] || printf '%s\\n' "$6" | sed 's/^/header = /'; echo "max_redirect = $([ "$4" = true ] && echo 10 || echo 0)"; echo "check_certificate = $([ "$5" = true ] && echo on || echo off)"; [ ! -s "$folder/body" ] || echo "body_file = $folder/body"; echo "method = $1"; } >"$folder/settings"
    printf '%s\\n' "$2" | WGETRC=$folder/settings timeout "$3" wget -nv -S --tries=1 --content-on-error -O "$folder/answer" -i - 2>"$folder/error"
    said=$(awk '$1 ~ /^HTTP\\// { status = $2; type = "" } tolower($1) == "content-type:" { $1 = ""; type = $0 } END { print status type }' "$folder/error")
    [ "$said" ] || { echo "none $(sed -n 's/.*failed: //p; s/^wget: //p' "$folder/error" | tail -n 1 | grep . || echo 'wget gives no reason')"; return 0; }
  else
    echo 'none there is neither curl nor wget nor python3 on the host'
    return 0
  fi
  echo "status $said"
  head -c 1048576 "$folder/answer" | base64 -w0
)
`

/** The arguments are those of `ask`; stdin the body. */
export const askOnce = `${ask}\nask "$@"\n`

/** $1 what is wrong with an answer is looked for in: statuses that are right, with commas; $2 a text it must hold or ''; then those of `ask`. */
export const askAndJudge = `${ask}
right=$1 text=$2
shift 2
answer=$(ask "$@")
printf '%s\\n' "$answer"
first=\${answer%%"
"*}
case $first in none*) echo "no answer: \${first#none }" >&2; exit 1 ;; esac
first=\${first#status }
status=\${first%% *}
body() { printf '%s\\n' "$answer" | sed 1d | base64 -d; }
case ",$right," in *",$status,"*) ;; *) echo "the answer has the status $status, not $right: $(body | head -c 300 | tr -d '\\0')" >&2; exit 1 ;; esac
[ -z "$text" ] || body | tr '\\n\\0' '  ' | grep -qF -e "$(printf %s "$text" | tr '\\n' ' ')" || { echo "the answer does not hold what it should: $(body | head -c 300 | tr -d '\\0')" >&2; exit 1; }
`
