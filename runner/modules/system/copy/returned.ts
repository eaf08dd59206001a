import type { Output } from '../../../connections/connection.ts'
import { hasSecret, type Values } from '../../../plan/unknown.ts'
import { Secret } from '../../../secret.ts'
import { normalPath } from '../path-state.ts'
import type { Content, Written } from '../written-probe.ts'

/** Outputs of a file that was written. The digest of a secret could be guessed at, so it is one, too. */
export function returnedOfFile(
  dest: string,
  content: Content | undefined,
  have: Written,
  done: readonly Output[] | undefined,
): Values {
  const sha256 = have.sha256 ?? ''
  const backup = done?.find((output) => output.stdout.endsWith('~\n'))?.stdout.trim()
  return { dest: normalPath(dest), sha256: hasSecret(content) ? new Secret(sha256) : sha256, backup_file: backup ?? '' }
}
