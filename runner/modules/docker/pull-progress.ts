/** Bytes of one layer that have come, of how many; none of a layer that nothing was said of yet. */
interface Layer {
  readonly come: number
  readonly all: number
  readonly done: boolean
}
type Layers = Readonly<Record<string, Layer>>

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9 }
const said =
  /^\s*([0-9a-f]{12}):? (Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists)\b(?:.*?([\d.]+)([kKMG]?B)(?:\/([\d.]+)([kKMG]?B))?)?/

/**
 * How far images are, of what `docker pull` says of their layers, and `docker compose pull` with the bytes that have come:
 * `0a1b2c3d4e5f Downloading [===>  ]  1.049MB/29.15MB`; since its version 5 without those that are to come.
 */
export function progress(
  line: string,
  before?: unknown,
): { readonly text: string; readonly state: Layers } | undefined {
  const [, id, state = '', come, unit, all, allUnit] = said.exec(line) ?? []
  if (id === undefined) return undefined
  const layers = (before ?? {}) as Layers
  const known = layers[id] ?? { come: 0, all: 0, done: false }
  const size = bytesOf(all, allUnit) ?? known.all
  const told = state === 'Downloading' ? bytesOf(come, unit) : undefined
  const layer = {
    come: told ?? (behind.has(state) ? Math.max(size, known.come) : known.come),
    all: size,
    done: known.done || state === 'Pull complete' || state === 'Already exists',
  }
  const now: Layers = { ...layers, [id]: layer }
  const list = Object.values(now)
  const sum = (of: (one: Layer) => number): number => list.reduce((total, one) => total + of(one), 0)
  const [sent, expected] = [sum((one) => one.come), sum((one) => one.all)]
  const bytes =
    expected > 0 ? `, ${megabytes(sent)} of ${megabytes(expected)} MB` : sent > 0 ? `, ${megabytes(sent)} MB` : ''
  return {
    text: `pulled ${list.filter((one) => one.done).length} of ${list.length} layers${bytes}`,
    state: now,
  }
}

function bytesOf(count: string | undefined, unit = ''): number | undefined {
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 1)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

/** What comes only once a layer is here as a whole. */
const behind: ReadonlySet<string> = new Set(['Verifying Checksum', 'Download complete', 'Extracting', 'Pull complete'])
