import { Secret } from '../secret.ts'
import type { BatchOptions, Output, Step, Upload } from './connection.ts'
import { fetched, isStreamed, noFreight, unloading, type Body, type Freight } from './freight.ts'
import { sightOf } from './seen.ts'
import { line, quote } from './shell.ts'
import { arrived } from './stream-script.ts'

export type ScriptOptions = Pick<BatchOptions, 'stopOnFailure' | 'stopBefore' | 'gathered'> & {
  /** On which streams the shell first says that it is there, and which process it is. */
  readonly greets?: { readonly stdout: boolean; readonly stderr: boolean }
}

/**
 * Many steps as one script. Behind each step a line with the marker and the exit status is printed on both streams; the marker is
 * random, so nothing that a step prints can be taken for it. Nothing is put on command lines, and into files only what is to become
 * one, so secrets in the text are seen by nobody.
 */
export function scriptOf(
  steps: readonly Step[],
  marker: string,
  { stopOnFailure = false, stopBefore, gathered, greets }: ScriptOptions,
  freight: Freight = noFreight,
): string {
  const texts = textsOf(steps)
  const sight = sightOf(steps, gathered === true)
  const parts = steps.map((step, index) => {
    const frame = `r=$?; printf '\\n%s %d %d\\n' ${marker} ${index} $r; printf '\\n%s %d %d\\n' ${marker} ${index} $r >&2`
    const text =
      step.kind === 'upload' ? upload(step, fileOf(step, index, freight)) : `${sight.given(index)}${run(step, texts)}`
    // set by a signal to the shell
    const gate = stopBefore?.steps.includes(index) ? '[ -z "$runner_stop" ] || break\n' : ''
    return `${gate}( ${text}\n) </dev/null\n${frame}${stopOnFailure ? '; [ $r -eq 0 ] || break' : ''}\n`
  })
  // a loop that runs once, to break out of; the last line is a comment because the reader drops trailing newlines
  const away = freight.bodies.length + freight.streams.length === 0 ? '' : 'rm -rf -- "$d"; trap - HUP INT TERM PIPE\n'
  const named = [...texts].map(([text, name]) => `${name}=${quote(text)}\n`).join('')
  const body = `${named}${sight.script}while :; do\n${parts.join('')}break; done\n`
  const end = `${away}${ended(marker)}; ${ended(marker)} >&2`
  const hello = 'runner-ready $$'
  if (gathered) return `${unloading(freight)}${away}${collected(body, marker, greets?.stdout ? hello : undefined)}\n#`
  const greeting = [
    ...(greets?.stderr ? [`echo "${hello}" >&2\n`] : []),
    ...(greets?.stdout ? [`echo "${hello}"\n`] : []),
  ].join('')
  return `${greeting}${unloading(freight)}${body}${end}\n#`
}

function ended(marker: string): string {
  return `printf '\\n%s end 0\\n' ${marker}`
}

/**
 * What a script prints on both streams is kept until it is over, and sent in one piece, stderr first: of two small packets the second
 * would wait until the first is received (RFC 896). The shell drops the line end behind the last marker.
 */
function collected(body: string, marker: string, hello: string | undefined): string {
  const stdout = `o=$(exec 2>&4 4>&-\n${body})`
  const both = `o=$(exec 4>&1\n${stdout}\nprintf '\\n%s end 0\\n%s\\n' ${marker} "$o")`
  const all = hello === undefined ? '"$o"' : `"${hello}\n$o"`
  return `{ ${both}; } 2>/dev/null; printf '%s\\n\\n%s end 0\\n' ${all} ${marker}; o=`
}

/** Texts that several steps have in common, with the name of the variable that holds each. */
function textsOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  const names = new Map<string, string>()
  for (const step of steps) {
    if (step.kind !== 'script') continue
    if (seen.has(step.text)) names.set(step.text, names.get(step.text) ?? `text_${names.size}`)
    seen.add(step.text)
  }
  return names
}

/** Commands after which `$t` is a file beside `$p` that holds the content, and goes when the step ends without having renamed it. */
function fileOf({ content }: Upload, index: number, { bodies, placed, streams }: Freight): readonly string[] {
  const made = 't=$(mktemp -- "${p%/*}/.runner.XXXXXXXX") || exit 1'
  const tidy = ['trap \'rm -f -- "$t"\' EXIT', "trap 'exit 143' HUP INT TERM", 'set -e']
  const plain = content instanceof Secret ? content.reveal() : content
  if (!isStreamed(plain)) {
    const place = placed.get(index)
    const source = place === undefined ? printed(plain) : fetched(bodies[place] as Body, place)
    return [made, ...tidy, `${source} >"$t"`]
  }
  const place = streams.findIndex(({ id }) => id === plain.id)
  const part = `$part${place}`
  const whole = arrived(place, plain.size)
  const copied = [made, ...tidy, `cat -- "${part}" >"$t"`]
  if (streams[place]?.steps.at(-1) !== index) return [whole, ...copied]
  return [
    whole,
    `case ${part} in`,
    '*/.runner-parts/*)',
    `t=${part}`,
    'trap \'rm -f -- "$t"\' EXIT',
    // it is gone on with when the link broke
    "trap 'trap - EXIT; exit 143' HUP INT TERM",
    'set -e',
    ';;',
    '*)',
    ...copied,
    ';;',
    'esac',
  ]
}

function run(step: Exclude<Step, Upload>, texts: ReadonlyMap<string, string>): string {
  const lines: string[] = []
  for (const [name, value] of Object.entries(step.env ?? {})) lines.push(`export ${name}=${quote(value)}`)
  if (step.cwd !== undefined) lines.push(`cd -- ${quote(step.cwd)} || exit 126`)
  const input =
    step.stdin === undefined ? '' : `${printed(step.stdin instanceof Secret ? step.stdin.reveal() : step.stdin)} | `
  // `exec`: neither a builtin nor an assignment nor a word of the shell is meant, and it saves a process
  if (step.kind === 'exec') lines.push(`${input}exec ${line(step.argv)}`)
  else {
    // eval, so that a fault of the text ends this step only
    const name = texts.get(step.text)
    const text = `eval ${name === undefined ? quote(step.text) : `"$${name}"`}`
    lines.push(`set -- ${line(step.args ?? [])}`, input === '' ? text : `${input}{ ${text}\n}`)
  }
  return lines.join('\n')
}

/** A command that prints exactly these bytes; `printf` is built into the shell, so they are on no command line. */
function printed(content: string | Uint8Array): string {
  if (typeof content === 'string' && !content.includes('\0')) return `printf %s ${quote(content)} 2>/dev/null`
  return `printf %s ${quote(Buffer.from(content as string).toString('base64'))} | base64 -d`
}

function upload(step: Upload, file: readonly string[]): string {
  const { path, mode, owner, group, validate } = step
  const whose = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
  const check = validate
    ?.map((word) =>
      word === '%s' ? '"$t"' : word.includes('%s') ? `${quote(word).replaceAll('%s', `'"$t"'`)}` : quote(word),
    )
    .join(' ')
  return [
    `p=${quote(path)}`,
    ...(step.overLink ? [] : ['[ ! -L "$p" ] || p=$(readlink -f -- "$p") || exit 1']),
    ...file,
    whose === '' ? '[ ! -e "$p" ] || chown --reference="$p" -- "$t" 2>/dev/null || :' : `chown -- ${quote(whose)} "$t"`,
    mode === undefined
      ? 'if [ -e "$p" ]; then chmod --reference="$p" -- "$t"; else chmod 0644 -- "$t"; fi'
      : `chmod -- ${quote(mode)} "$t"`,
    ...(check === undefined ? [] : [check]),
    'mv -f -T -- "$t" "$p"',
    'trap - EXIT',
    ...(isStreamed(step.content) ? ['case $t in */.runner-parts/*) rmdir -- "${t%/*}" 2>/dev/null || : ;; esac'] : []),
  ].join('\n')
}

/** Cuts one stream of a batch's answer into what each step printed. */
export class Framed {
  readonly #marker: Buffer
  readonly #onText: ((index: number, text: string) => void) | undefined
  readonly parts: { readonly text: string; readonly code: number }[] = []
  /** What the step printed and was looked through already; joined only when the step is over. */
  #seen: Buffer[] = []
  #rest: Buffer = Buffer.alloc(0)
  #decoder = new TextDecoder('utf-8')
  ended = false

  constructor(marker: string, onText?: (index: number, text: string) => void) {
    this.#marker = Buffer.from(`\n${marker} `)
    this.#onText = onText
  }

  /** Takes bytes; returns those behind the end of the batch, undefined while it has not ended. */
  take(bytes: Buffer): Buffer | undefined {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (;;) {
      const at = this.#rest.indexOf(this.#marker)
      const end = at === -1 ? -1 : this.#rest.indexOf(10, at + this.#marker.length)
      if (end === -1) {
        this.#pass(at === -1 ? this.#safe() : at)
        return undefined
      }
      const [what, code] = this.#rest
        .subarray(at + this.#marker.length, end)
        .toString()
        .split(' ')
      if (what === 'end') {
        this.ended = true
        return this.#rest.subarray(end + 1)
      }
      this.#pass(at)
      this.#show(this.#decoder.decode())
      this.parts.push({ text: Buffer.concat(this.#seen).toString('utf8'), code: Number(code) })
      this.#seen = []
      this.#decoder = new TextDecoder('utf-8')
      this.#rest = this.#rest.subarray(end - at + 1)
    }
  }

  /** How much of what has come is surely not the beginning of a marker. */
  #safe(): number {
    const at = this.#rest.lastIndexOf(10)
    const tail = at === -1 ? undefined : this.#rest.subarray(at)
    return tail && this.#marker.subarray(0, tail.length).equals(tail) ? at : this.#rest.length
  }

  /** Takes the first bytes as printed by the step; the decoder keeps a letter that is cut in two. */
  #pass(length: number): void {
    if (length <= 0) return
    const bytes = this.#rest.subarray(0, length)
    this.#seen.push(bytes)
    this.#rest = this.#rest.subarray(length)
    if (this.#onText) this.#show(this.#decoder.decode(bytes, { stream: true }))
  }

  #show(text: string): void {
    if (text !== '') this.#onText?.(this.parts.length, text)
  }
}

/** Outputs of the steps that ran, from both streams. */
export function outputsOf(stdout: Framed, stderr: Framed): readonly Output[] {
  return stdout.parts.map(({ text, code }, index) => ({ stdout: text, stderr: stderr.parts[index]?.text ?? '', code }))
}
