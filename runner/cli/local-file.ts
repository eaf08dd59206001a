import { readFileSync, statSync } from 'node:fs'
import { LocalFile } from '../modules/local-file.ts'
import type { Digests } from './digests.ts'

/** A file of this machine; throws when it can't be read. */
export function openLocalFile(path: string, digests: Digests): LocalFile {
  const stat = statSync(path, { bigint: true })
  if (stat.isDirectory()) throw new Error(`${path} is a directory`)
  if (stat.isFile())
    return new LocalFile(path, Number(stat.size), digests(Buffer.from(path), stat), () => readFileSync(path))
  // a pipe gives what it holds only once
  const content = readFileSync(path)
  return LocalFile.of(path, content)
}
