import type { WatchedConnection } from './connections.ts'

/**
 * How far a reader must have come for a user to see what he wrote. It ends by itself (`until`, milliseconds): a reader that is still
 * behind by then lags more than any reader may, and is not in use.
 */
export type Pin = PlacePin | { readonly kind: 'time'; readonly until: number }

export interface PlacePin {
  readonly kind: 'gtid' | 'mariadb'
  /** The transactions that the reader must have. */
  readonly set: string
  readonly until: number
}

/** Seconds between a reader's falling behind and its being left out, generously. */
const margin = 5

/** A cookie has room for this much; a longer set is left to time. */
const longest = 1500

type Kind = Pin['kind']
const kinds = new WeakMap<WatchedConnection, Kind>()

async function kindOf(writer: WatchedConnection): Promise<Kind> {
  const known = kinds.get(writer)
  if (known !== undefined) return known
  const [row] = await writer.execute<{ version: string }[]>('select version() as version')
  let kind: Kind = 'time'
  if (/mariadb/i.test(row?.version ?? '')) kind = 'mariadb'
  else {
    const [mode] = await writer.execute<{ mode: string }[]>('select @@global.gtid_mode as mode')
    if (mode?.mode === 'ON') kind = 'gtid'
  }
  kinds.set(writer, kind)
  return kind
}

/** Where the writer is after a commit. More than the user's own may be in it: that errs on the safe side. */
export async function positionOf(writer: WatchedConnection, maxLag: number): Promise<Pin> {
  const until = Date.now() + (maxLag + margin) * 1000
  const byTime: Pin = { kind: 'time', until }
  try {
    const kind = await kindOf(writer)
    if (kind === 'time') return byTime
    const variable = kind === 'gtid' ? '@@global.gtid_executed' : '@@global.gtid_current_pos'
    const [row] = await writer.execute<{ place: string }[]>(`select ${variable} as place`)
    const set = (row?.place ?? '').replaceAll(/\s/g, '')
    return set === '' || set.length > longest ? byTime : { kind, set, until }
  } catch {
    // it is committed: that the position could not be read must not make it look as if it had failed
    return byTime
  }
}

/** The statement that tells whether the server it runs on has come that far: `reached` is 1 then. */
export function reachedStatement(pin: PlacePin): { readonly sql: string; readonly params: readonly string[] } {
  return pin.kind === 'gtid'
    ? { sql: 'select gtid_subset(?, @@global.gtid_executed) as reached', params: [pin.set] }
    : // 0 when reached, -1 when the time of 0 s was over
      { sql: 'select master_gtid_wait(?, 0) = 0 as reached', params: [pin.set] }
}
