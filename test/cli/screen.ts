/** What a terminal of so many columns shows in the end, its history included: as far as the runner's sequences go. */
export function screenOf(output: string, columns: number): readonly string[] {
  const rows: string[] = ['']
  let row = 0
  let column = 0
  const put = (character: string): void => {
    if (column >= columns) {
      row += 1
      column = 0
    }
    while (rows.length <= row) rows.push('')
    rows[row] = `${(rows[row] ?? '').padEnd(column).slice(0, column)}${character}${(rows[row] ?? '').slice(column + 1)}`
    column += 1
  }
  const pattern = /\u001B\[(\??\d*(?:;\d+)*)([A-Za-z])|[\s\S]/gu
  for (const [text, number = '', letter] of output.matchAll(pattern)) {
    if (letter === 'A') row = Math.max(0, row - Number(number || 1))
    else if (letter === 'K') rows[row] = number === '2' ? '' : (rows[row] ?? '').slice(0, column)
    else if (letter === 'J') {
      rows.length = row + 1
      rows[row] = (rows[row] ?? '').slice(0, column)
    } else if (letter !== undefined) continue
    else if (text === '\r') column = 0
    else if (text === '\n') row += 1
    else put(text)
    while (rows.length <= row) rows.push('')
  }
  return rows
}
