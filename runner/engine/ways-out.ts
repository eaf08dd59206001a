import type { Output } from '../connections/connection.ts'

const known: readonly (readonly [pattern: RegExp, way: string])[] = [
  [
    /No space left on device/,
    'a file system of the host is full: `df -h` there shows which; make room, then run again',
  ],
  [/Disk quota exceeded/, 'the user may not store more there: `quota` on the host shows the limit'],
  [/Read-only file system/, 'it is mounted read-only: `findmnt` on the host shows it; see the kernel’s log for why'],
  [
    /Could not get lock|Unable to acquire the dpkg|Waiting for cache lock/,
    'another package manager is at work on the host: run again when it is through',
  ],
  [
    /Temporary failure (?:in name resolution|resolving)|Could not resolve host/,
    'the host cannot resolve names: look at its network and /etc/resolv.conf',
  ],
  [
    /Too many open files|Cannot fork|Resource temporarily unavailable/,
    'the host is out of processes or files: look at its limits and its load',
  ],
]

/** What to do about a step that failed on a host, where what it printed says it. */
export function wayOut({ stdout, stderr, code }: Output, become: boolean): string | undefined {
  const text = `${stderr}\n${stdout}`
  const found = known.find(([pattern]) => pattern.test(text))
  if (found) return found[1]
  if (!become && /Permission denied|Operation not permitted|must be root|are you root/i.test(text))
    return 'the user who logs in may not do this: say `become: true`'
  return code === 127 ? 'the program is not there: is it installed, and in PATH?' : undefined
}
