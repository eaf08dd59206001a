import { charge, type Charge, type Charges } from '../../../plan/bill.ts'
import { isMap } from '../../../plan/unknown.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { Cluster } from './read.ts'
import type { args } from './schema.ts'

interface Sizes {
  readonly topology?: unknown
  readonly engine?: unknown
  readonly class?: unknown
  readonly readers?: unknown
  readonly serverless?: unknown
  readonly scaling?: unknown
  readonly storage?: unknown
}

/** Its instances and storage, and the secret in which AWS keeps the password. */
export function charges(want: Wanted<ArgsOf<typeof args>, 'name'> | undefined, have: Cluster | undefined): Charges {
  return {
    before: have ? chargesOf({ ...have, scaling: have.readerScaling }) : [],
    after: want
      ? chargesOf({
          topology: want.topology ?? 'multi_az',
          engine: want.engine ?? 'mysql',
          class: want.class,
          // from then on their number is the policy's
          readers: have && want.reader_scaling ? have.readers : (want.readers ?? 1),
          serverless: want.serverless,
          scaling: want.reader_scaling,
          storage: want.storage ?? have?.storage,
        })
      : [],
  }
}

function chargesOf(sizes: Sizes): readonly Charge[] {
  const secret = charge('secret', '', 1)
  const backups: Charge = { unpriced: 'database backups', why: 'billed by use' }
  if (sizes.topology === 'aurora') {
    const storage: Charge = { unpriced: 'Aurora storage and I/O', why: 'billed by use' }
    return [...aurora(sizes), storage, backups, secret]
  }
  const { engine, class: size, storage } = sizes
  const kind = typeof engine === 'string' ? `rds multi-az cluster ${engine}` : 'rds multi-az cluster'
  return [charge(kind, size, 1), ...storageOf(storage), backups, secret]
}

/** One price for all three instances of a Multi-AZ cluster; the same for its storage. */
function storageOf(storage: unknown): readonly Charge[] {
  const family = 'rds multi-az cluster storage'
  if (!isMap(storage)) return [{ unpriced: family, why: 'how much there is is not known yet' }]
  const { size, type = 'gp3', iops } = storage
  const speed: Charge = { unpriced: `${family} operations`, why: 'part of them is included' }
  return [charge(family, type, size), ...(iops === undefined || iops === null ? [] : [speed])]
}

function aurora({ engine, class: size, readers, serverless, scaling }: Sizes): readonly Charge[] {
  // the engine can be written either way
  const kind = typeof engine === 'string' ? engine.replace(/^aurora-/, '').replace('postgresql', 'postgres') : ''
  const count = typeof readers === 'number' ? readers + 1 : undefined
  const most = isMap(scaling) && typeof scaling['max'] === 'number' ? scaling['max'] + 1 : undefined
  if (size !== 'db.serverless') return [charge(`aurora ${kind}`, size, count, most)]
  const { min, max } = isMap(serverless) ? serverless : {}
  const units = typeof min === 'number' && count !== undefined ? min * count : undefined
  const greatest = typeof max === 'number' && count !== undefined ? max * (most ?? count) : undefined
  return [charge('aurora serverless v2', kind, units, greatest)]
}
