/**
 * How far APT is, of a line of its machine-readable progress (`APT::Status-Fd`, README.progress-reporting of apt): `dlstatus:1:20.5:Retrieving
 * file 1 of 4`, `pmstatus:nginx:40:Unpacking nginx`. Other lines tell nothing of it.
 */
export function progress(line: string): { readonly text: string } | undefined {
  const [, kind, percent, text] = /^(dlstatus|pmstatus):[^:]*(?::[a-z0-9]+)?:([\d.]+):(.*)$/.exec(line) ?? []
  if (kind === undefined || percent === undefined) return undefined
  const what = kind === 'dlstatus' ? `downloading, ${text ?? ''}` : (text ?? '')
  return { text: `${Math.round(Number(percent))} % ${what.trim()}` }
}
