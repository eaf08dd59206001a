import { posix } from 'node:path'

/** The folder of a file, `.` for a bare name. */
export function directoryOf(file: string): string {
  return posix.dirname(file)
}

/** A file named relative to a folder. */
export function joined(directory: string, name: string): string {
  return posix.isAbsolute(name) ? name : posix.join(directory, name)
}

/** Letters, digits and dashes that stand for a name in node ids. */
export function slug(name: string): string {
  const text = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return text === '' ? 'unnamed' : text.slice(0, 60)
}
