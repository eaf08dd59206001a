import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { emulatorProgram } from '../../lab/emulator.ts'

interface Pair {
  readonly certificate: string
  readonly key: string
}

/** Two certificates for one domain that end in 2036 and 2037: made by the library that the emulator itself uses. */
export async function makeCertificates(): Promise<readonly [Pair, Pair]> {
  const python = join(dirname(await emulatorProgram()), 'python')
  const program = `
import datetime, json
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'acme.example.org')])
def pair(year):
  key = rsa.generate_private_key(65537, 2048)
  made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(year).not_valid_before(datetime.datetime(2020, 1, 1)).not_valid_after(datetime.datetime(year, 1, 1))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName('acme.example.org')]), False).sign(key, hashes.SHA256()))
  return { 'certificate': made.public_bytes(form.Encoding.PEM).decode(),
    'key': key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode() }
print(json.dumps([pair(2036), pair(2037)]))`
  return JSON.parse(execFileSync(python, ['-c', program], { encoding: 'utf8' })) as [Pair, Pair]
}
