/**
 * A domain name in the form in which names are compared: lower case, `*` and other signs as themselves, a dot at the end.
 * Route 53 writes all but letters, digits, `-` and `_` as three octal digits: `\052.example.org.`
 */
export function domainName(name: string): string {
  const plain = name
    .replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)))
    .toLowerCase()
  return plain.endsWith('.') ? plain : `${plain}.`
}

/** What a task calls `shop`, `shop.example.org` or `@` in the zone example.org. */
export function nameInZone(name: string, zone: string): string {
  const whole = domainName(name === '@' ? zone : name)
  return whole === zone || whole.endsWith(`.${zone}`) ? whole : `${whole}${zone}`
}

/** The host name of an alias; the console puts `dualstack.` before that of a load balancer, which means the same. */
export function aliasName(name: string): string {
  return domainName(name).replace(/^dualstack\./, '')
}

/** Values of a record in one form: texts in quotes and in pieces of at most 255 signs, names in lower case with their dot. */
export function recordValue(type: string, value: string): string {
  if (type === 'TXT' || type === 'SPF') return value.startsWith('"') ? value : quoted(value)
  if (type === 'CNAME' || type === 'NS' || type === 'PTR') return domainName(value)
  if (type === 'MX' || type === 'SRV') {
    const words = value.trim().split(/\s+/)
    return [...words.slice(0, -1), domainName(words.at(-1) ?? '')].join(' ')
  }
  return type === 'AAAA' ? value.toLowerCase() : value
}

/** RFC 1035 3.3: a text is a list of strings of at most 255 octets. */
function quoted(text: string): string {
  const pieces = text.match(/[\s\S]{1,255}/g) ?? ['']
  return pieces.map((piece) => `"${piece.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`).join(' ')
}
