/** How a text looks in what programs print, by name; written apart from what is tested with it. */
export function encodings(text: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(text)
  return {
    raw: text,
    base64: bytes.toString('base64').replace(/.=*$/, ''),
    base64url: bytes.toString('base64url').slice(0, -1),
    hex: bytes.toString('hex'),
    HEX: bytes.toString('hex').toUpperCase(),
    url: encodeURIComponent(text),
    form: new URLSearchParams({ v: text }).toString().slice(2),
    json: JSON.stringify(text).slice(1, -1),
    single: `'${text.split("'").join("'\\''")}'`.slice(1, -1),
    double: [...text].map((sign) => ('"$`\\'.includes(sign) ? `\\${sign}` : sign)).join(''),
  }
}
