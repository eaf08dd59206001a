import { createHash } from 'node:crypto'
import { failure } from '../../../language/diagnostic.ts'

/** A line of authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT). Two are the same key if type and blob are. */
export interface PublicKey {
  readonly options: string
  readonly type: string
  readonly blob: string
  readonly comment: string
}

const types =
  /^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)(-cert-v01@openssh\.com)?$/

/** The key of a line; undefined for comments, empty lines and what is no key. */
export function parseKey(line: string): PublicKey | undefined {
  const words = wordsOf(line.trim())
  if (words.length === 0 || words[0]?.startsWith('#')) return undefined
  const at = types.test(words[0] ?? '') ? 0 : 1
  const [type = '', blob = '', ...comment] = words.slice(at)
  if (!types.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return undefined
  return { options: at === 0 ? '' : (words[0] ?? ''), type, blob, comment: comment.join(' ') }
}

/** Words between blanks; blanks in double quotes belong to the word, `\"` is a quote inside them. */
function wordsOf(line: string): readonly string[] {
  return line.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []
}

/** The keys that the user wrote down. */
export function keysOf(text: string | readonly string[]): readonly PublicKey[] {
  const lines = (typeof text === 'string' ? [text] : text).flatMap((one) => one.split(/\r?\n/))
  return lines
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => {
      const found = parseKey(line)
      // the first word of the blob says its type, too: a key that was cut in two is seen here
      if (found && Buffer.from(found.blob, 'base64').subarray(4).toString('latin1').startsWith(found.type)) return found
      if (/PRIVATE KEY/.test(line))
        throw failure('E753', '`key` is a private key', { hint: 'the public one ends in .pub' })
      throw failure('E753', `“${line.trim().slice(0, 40)}” is no public key`, {
        hint: 'it looks like `ssh-ed25519 AAAA… comment`',
      })
    })
}

export function lineOf({ options, type, blob, comment }: PublicKey): string {
  return [options, type, blob, comment].filter((word) => word !== '').join(' ')
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint({ blob }: PublicKey): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replaceAll('=', '')}`
}

/** How a key is named in a plan. */
export function label(key: PublicKey): string {
  return [fingerprint(key), key.comment, key.options === '' ? '' : `(${key.options})`]
    .filter((word) => word !== '')
    .join(' ')
}
