import type { Play } from '../language/program.ts'

/** `serial: 2`, `[1, "30%", 5]`: the sizes of the batches, the last one repeated. */
export function batches(serial: Play['serial'], hosts: readonly string[]): readonly (readonly string[])[] {
  if (serial.length === 0) return [hosts]
  const sizes = serial.map((size) =>
    Math.max(1, typeof size === 'number' ? size : Math.floor((Number.parseFloat(size) / 100) * hosts.length)),
  )
  const result: (readonly string[])[] = []
  for (let from = 0, index = 0; from < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] as number
    result.push(hosts.slice(from, from + size))
    from += size
  }
  return result
}
