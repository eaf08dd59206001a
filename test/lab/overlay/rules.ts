import { clusterMembers } from './cluster-members.ts'
import { defaultWarmup } from './default-warmup.ts'
import { canonicalImage, snapshotTags } from './images.ts'
import { instanceRefresh } from './instance-refresh.ts'
import type { Rule } from './rule.ts'

/** Everything in which the overlay makes the emulator like AWS. Each start of the emulator has rules of its own. */
export function makeRules(): readonly Rule[] {
  return [snapshotTags(), canonicalImage(), clusterMembers(), instanceRefresh(), defaultWarmup()]
}
