import type { Cloud } from '../connections/cloud.ts'
import type { CloudModule, Found } from '../modules/module.ts'
import type { Bill } from '../plan/bill.ts'
import type { Values } from '../plan/unknown.ts'

/** What AWS bills for an object; `want` undefined: it goes. */
export function billOf(
  module: CloudModule,
  want: Values | undefined,
  have: Found | undefined,
  cloud: Cloud,
): Bill | undefined {
  return module.charges && { region: regionOf(cloud), ...module.charges(want, have) }
}

/** A plan of nothing read (--offline) may know of none. */
function regionOf(cloud: Cloud): string | undefined {
  try {
    return cloud.region
  } catch {
    return undefined
  }
}
