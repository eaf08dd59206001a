import { setTimeout as sleep } from 'node:timers/promises'
import { startMysql, type Mysql, type MysqlOptions } from './mysql.ts'

/** Makes a server a reader of another: it replicates by GTID, as many seconds late as asked for, and takes no writes. */
export async function replicate(reader: Mysql, writer: Mysql, delay = 0): Promise<void> {
  await reader.query('stop replica')
  await reader.query(
    `change replication source to source_host = '127.0.0.1', source_port = ?, source_user = ?, source_password = ?,
       source_auto_position = 1, get_source_public_key = 1, source_connect_retry = 1, source_delay = ?`,
    [writer.port, writer.user, writer.password, delay],
  )
  await reader.query('start replica')
  await reader.query('set global super_read_only = on')
}

/** Ends replication and takes writes from now on: what a failover does. */
export async function promote(reader: Mysql): Promise<void> {
  await reader.query('stop replica')
  await reader.query('reset replica all')
  await reader.query('set global super_read_only = off')
  await reader.query('set global read_only = off')
}

/** Waits until a reader has all that the writer has. */
export async function caughtUp(reader: Mysql, writer: Mysql): Promise<void> {
  const [row] = await writer.query('select @@global.gtid_executed as place')
  await reached(reader, String(row?.['place']))
}

/** Waits until a reader has these transactions. */
export async function reached(reader: Mysql, place: string): Promise<void> {
  for (let left = 600; left > 0; left--) {
    const [row] = await reader.query('select gtid_subset(?, @@global.gtid_executed) as reached', [place])
    if (row?.['reached'] === 1) return
    await sleep(100)
  }
  throw new Error('the reader has not come so far within 60 s')
}

export interface Cluster {
  readonly writer: Mysql
  readonly readers: readonly Mysql[]
  close(): Promise<void>
}

/** A writer and readers, each as many seconds late as its number says. */
export async function startCluster(delays: readonly number[], options: MysqlOptions = {}): Promise<Cluster> {
  const writer = await startMysql({ ...options, id: 1 })
  const readers: Mysql[] = []
  try {
    for (const [index, delay] of delays.entries()) {
      const reader = await startMysql({ ...options, id: index + 2 })
      readers.push(reader)
      await replicate(reader, writer, delay)
    }
  } catch (error) {
    await Promise.all([writer, ...readers].map((each) => each.close()))
    throw error
  }
  return {
    writer,
    readers,
    close: async () => void (await Promise.all([writer, ...readers].map((each) => each.close()))),
  }
}
