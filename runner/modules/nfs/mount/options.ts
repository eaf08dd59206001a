import { recommended } from './schema.ts'

/** What stands in /etc/fstab: the options asked for, and those without which a host hangs when the server is away (systemd.mount(5)). */
export function optionsFor(want: {
  readonly options?: string
  readonly tls?: boolean
  readonly before?: readonly string[]
}): string {
  const asked = (want.options ?? (want.tls === true ? 'noresvport' : recommended)).split(',')
  const units = (want.before ?? []).map(
    (unit) => `x-systemd.before=${/\.[a-z]+$/.test(unit) ? unit : `${unit}.service`}`,
  )
  const needed = [...(want.tls === true ? ['tls'] : []), '_netdev', 'nofail', ...units]
  return [...asked, ...needed.filter((option) => !asked.includes(option))].join(',')
}

// the names under which nfs(5) takes an option and /proc/mounts shows it
const shownAs: Readonly<Record<string, string>> = { nfsvers: 'vers', vers: 'vers', timeo: 'timeo', retrans: 'retrans' }
const flags = new Set(['hard', 'soft', 'softerr', 'noresvport', 'ro', 'noac', 'noatime', 'nolock'])

/**
 * Whether what is mounted is as the options say, in what the kernel shows of them as it was asked for. Not compared: the sizes, which
 * the server may have made smaller, and what is only for mount(8) and systemd.
 */
export function mountedWith(options: string, live: string): boolean {
  const there = new Set(live.split(','))
  return options.split(',').every((option) => {
    const [name = '', value] = option.split('=')
    const shown = shownAs[name]
    if (shown !== undefined && value !== undefined) return there.has(`${shown}=${value === '4' ? '4.2' : value}`)
    return !flags.has(option) || there.has(option)
  })
}
