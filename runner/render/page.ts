import { escapeTerminal } from './escape.ts'

const style = `:root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--warn:#9a6700;--bad:#cf222e;--odd:#8250df;--run:#0969da}
@media(prefers-color-scheme:dark){:root{--good:#3fb950;--warn:#d29922;--bad:#f85149;--odd:#bc8cff;--run:#58a6ff}}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
code,pre{font:14px/1.4 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}pre{margin:.3rem 0}
.scroll{overflow-x:auto}.fields td{border:0;padding:0 .8rem 0 0}.fields{width:auto}.fields td:first-child code{white-space:nowrap;overflow-wrap:normal}
.create,.ok,.added{color:var(--good)}.update,.changed{color:var(--warn)}
.delete,.replace,.failed,.unreachable,.removed,.error{color:var(--bad)}
.unknown,.ignored{color:var(--odd)}.run,.hunk{color:var(--run)}small,.skipped,.blocked,.cancelled{opacity:.75}`

/** A page that needs nothing besides itself; its policy refuses whatever a hostile text might try to load or run. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(title)}</title><style>${style}</style></head>
<body><h1>${text(title)}</h1>
${body}
</body></html>
`
}

/** Text as content or attribute: what would be markup, or would not be seen, is made visible. */
export function text(plain: string): string {
  return escapeTerminal(plain)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A table with its head; the cells are HTML already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<div class="scroll"><table><thead>${cells(head, 'th')}</thead><tbody>
${rows.map((row) => cells(row, 'td')).join('\n')}
</tbody></table></div>`
}

/** A word in the colour of what it names. */
export function marked(word: string, label = word): string {
  return `<span class="${text(word)}">${text(label)}</span>`
}
