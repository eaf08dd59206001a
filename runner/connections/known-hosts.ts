import { createHash, createHmac } from 'node:crypto'

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownKey {
  readonly type: string
  /** Base64 of the public key. */
  readonly key: string
  readonly file: string
  readonly line: number
  readonly revoked: boolean
}

/** The name under which known_hosts lists a host: the port is part of it unless it is 22. */
export function hostEntry(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`
}

/** The keys that a known_hosts file has for a host. */
export function keysFor(text: string, file: string, host: string, port: number): readonly KnownKey[] {
  const entry = hostEntry(host, port)
  return text.split('\n').flatMap((content, index): KnownKey[] => {
    const words = content.trim().split(/\s+/)
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) return []
    const marker = words[0].startsWith('@') ? words.shift() : undefined
    const [names = '', type, key] = words
    // authorities are not supported: their hosts are treated as unknown
    if (marker === '@cert-authority' || type === undefined || key === undefined || !matches(names, entry)) return []
    return [{ type, key, file, line: index + 1, revoked: marker === '@revoked' }]
  })
}

function matches(names: string, entry: string): boolean {
  if (names.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = names.split('|')
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(entry).digest('base64') === hash
  }
  const patterns = names.split(',')
  const fits = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      'i',
    ).test(entry)
  return (
    patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))
  )
}

/** The type of a public key in SSH's wire format (RFC 4253, section 6.6): a length and that many letters. */
export function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('ascii')
}

/** As `ssh-keygen -l` shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}
