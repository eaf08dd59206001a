import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { missingParts } from '../docker.ts'

/** An authority of its own, as RDS has one, and a server's certificate that it has signed. Paths of PEM files. */
export interface Certificates {
  readonly folder: string
  readonly ca: string
  /** Statements that let MySQL show another certificate: the right one or one of the same authority for another name. */
  show(which: 'server' | 'elsewhere'): readonly string[]
  /** For MySQL: it takes no connection that is not encrypted, and shows this certificate. */
  readonly options: readonly string[]
}

export async function makeCertificates(name: string): Promise<Certificates> {
  const missing = await missingParts({ openssl: 'openssl' })
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'runner-certificates-'))
  const at = (file: string): string => join(folder, file)
  const openssl = (...words: readonly string[]): Promise<unknown> => execa('openssl', words, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Lab authority',
  )
  const certify = async (file: string, subject: string): Promise<void> => {
    await openssl('req', ...key, '-keyout', `${file}.key`, '-out', 'request.csr', '-subj', `/CN=${subject}`)
    writeFileSync(at('names'), `subjectAltName=DNS:${subject}\n`)
    const sign = 'x509 -req -in request.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names'
    await openssl(...sign.split(' '), '-out', `${file}.pem`)
  }
  await certify('server', name)
  await certify('elsewhere', 'elsewhere.test')
  return {
    folder,
    ca: at('ca.pem'),
    show: (which) => [
      `set global ssl_cert = '${at(which)}.pem'`,
      `set global ssl_key = '${at(which)}.key'`,
      'alter instance reload tls',
    ],
    options: [
      '--require-secure-transport=ON',
      `--ssl-ca=${at('ca.pem')}`,
      `--ssl-cert=${at('server.pem')}`,
      `--ssl-key=${at('server.key')}`,
    ],
  }
}
