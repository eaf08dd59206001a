import { lstatSync, readdirSync, readFileSync, readlinkSync, type BigIntStats } from 'node:fs'
import { makeDigests, type Digests } from './digests.ts'
import { LocalFolder, type LocalEntry } from '../modules/local-folder.ts'

/** Reads folders. */
export function makeFolderReader(digests = makeDigests()): (path: string) => LocalFolder {
  return (path) => {
    // throws now if there is none, rather than in the middle of a comparison
    if (!lstatSync(path).isDirectory() && !lstatSync(`${path}/.`).isDirectory())
      throw new Error(`${path} is not a directory`)
    return new LocalFolder(path, (skips) => list(Buffer.from(path), '', skips, digests))
  }
}

function list(
  folder: Buffer,
  prefix: string,
  skips: (name: string, directory: boolean) => boolean,
  digests: Digests,
): readonly LocalEntry[] {
  const names = readdirSync(folder, { encoding: 'buffer' }).map((name) => name.toString('latin1'))
  return names.sort().flatMap((bare): readonly LocalEntry[] => {
    const name = prefix + bare
    const path = Buffer.concat([folder, Buffer.from('/'), Buffer.from(bare, 'latin1')])
    const stat = lstatSync(path, { bigint: true })
    const directory = stat.isDirectory()
    if (skips(name, directory)) return []
    if (directory) return [entry(name, 'directory', stat, path, digests), ...list(path, `${name}/`, skips, digests)]
    if (stat.isFile()) return [entry(name, 'file', stat, path, digests)]
    // sockets, pipes and devices are nothing that could be copied
    return stat.isSymbolicLink() ? [entry(name, 'link', stat, path, digests)] : []
  })
}

function entry(name: string, type: LocalEntry['type'], stat: BigIntStats, path: Buffer, digests: Digests): LocalEntry {
  return {
    name,
    type,
    executable: type === 'file' && (stat.mode & 0o111n) !== 0n,
    size: Number(stat.size),
    time: Number(stat.mtimeMs / 1000n),
    sha256: type === 'file' ? digests(path, stat) : '',
    target: type === 'link' ? readlinkSync(path, { encoding: 'buffer' }).toString('latin1') : '',
    path,
    content: () => readFileSync(path),
  }
}
