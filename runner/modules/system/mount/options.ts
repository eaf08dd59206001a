/** Options that the kernel shows where they count; each is the opposite of a default (mount(8), FILESYSTEM-INDEPENDENT). */
const shown = ['ro', 'nosuid', 'nodev', 'noexec', 'sync', 'dirsync', 'noatime', 'nodiratime'] as const
const implied: Readonly<Record<string, readonly string[]>> = {
  user: ['nosuid', 'nodev', 'noexec'],
  users: ['nosuid', 'nodev', 'noexec'],
  owner: ['nosuid', 'nodev'],
  group: ['nosuid', 'nodev'],
}
const opposites: Readonly<Record<string, string>> = {
  ro: 'rw',
  nosuid: 'suid',
  nodev: 'dev',
  noexec: 'exec',
  sync: 'async',
  noatime: 'atime',
  nodiratime: 'diratime',
}
const units: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/**
 * Wanted options that do not count now, or others that do though they are not wanted, as the kernel would write them. Only
 * options that it shows can be told; what userspace alone understands (`nofail`, `x-systemd.…`) is nothing to look for.
 */
export function optionsAmiss(wanted: string, live: string): readonly string[] {
  const want = wanted.split(',')
  const have = live.split(',')
  const bind = want.includes('bind') || want.includes('rbind')
  const flags = want.reduce<readonly string[]>(
    (set, one) => [
      ...set.filter((flag) => opposites[flag] !== one),
      ...(implied[one] ?? []),
      ...((shown as readonly string[]).includes(one) ? [one] : []),
    ],
    [],
  )
  const missing = flags.filter((flag) => !have.includes(flag))
  // a mount of a directory elsewhere has the flags of the file system that it lies on
  const extra = bind ? [] : shown.filter((flag) => have.includes(flag) && !flags.includes(flag))
  const values = want.filter((option) => {
    const at = option.indexOf('=')
    if (at <= 0) return false
    const there = have.find((one) => one.startsWith(option.slice(0, at + 1)))
    if (there === undefined || option.endsWith('%')) return false
    return normal(option.slice(0, at), option.slice(at + 1)) !== normal(option.slice(0, at), there.slice(at + 1))
  })
  return [...missing, ...extra.map((flag) => `not ${flag}`), ...values]
}

/** tmpfs shows its size in kilobytes and its mode without zeros in front (tmpfs(5)). */
function normal(name: string, value: string): string {
  if (name === 'mode') return value.replace(/^0+(?=.)/, '')
  const size = /^(\d+)([kmgt])?$/i.exec(value)
  if (!size || !['size', 'nr_blocks', 'nr_inodes'].includes(name)) return value
  return String(Number(size[1]) * (units[(size[2] ?? '').toLowerCase()] ?? 1))
}
