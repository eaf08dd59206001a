/** Colours of a dark terminal by SGR parameter (ECMA-48 8.3.117), as far as the runner uses them. */
const colours: Readonly<Record<string, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  35: '#d2a8ff',
  36: '#79c0ff',
}
const [cell, row, margin] = [8.43, 20, 16]

/** A terminal's text with its colours as a picture: no fonts or scripts in it, so that it shows wherever Markdown does. */
export function terminalSvg(text: string, columns: number): string {
  const lines = text.trimEnd().split('\n')
  const [width, height] = [Math.ceil(columns * cell + 2 * margin), lines.length * row + 2 * margin]
  const drawn = lines.map((line, index) => {
    const y = margin + (index + 0.75) * row
    return `<text x="${margin}" y="${y}" xml:space="preserve">${spans(line)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>A plan</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
${drawn.join('\n')}
</g>
</svg>
`
}

function spans(line: string): string {
  let [colour, bold, dim] = ['', false, false]
  return line
    .split(/(\u001B\[[\d;]*m)/)
    .map((part) => {
      const codes = /^\u001B\[([\d;]*)m$/.exec(part)?.[1]?.split(';')
      for (const code of codes ?? []) {
        if (code === '' || code === '0') [colour, bold, dim] = ['', false, false]
        else if (code === '1') bold = true
        else if (code === '2') dim = true
        else if (code === '22') [bold, dim] = [false, false]
        else if (code === '39') colour = ''
        else colour = colours[code] ?? colour
      }
      if (codes || part === '') return ''
      const style = `${colour === '' ? '' : ` fill="${colour}"`}${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity=".65"' : ''}`
      return `<tspan${style}>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</tspan>`
    })
    .join('')
}
