import { clientTokens } from './client-tokens.ts'
import { clusterMembers } from './cluster-members.ts'
import { defaultWarmup } from './default-warmup.ts'
import { fileSystems } from './file-systems.ts'
import { groupDependencies } from './group-dependencies.ts'
import { canonicalImage, snapshotTags } from './images.ts'
import { instanceRefresh } from './instance-refresh.ts'
import { instanceVersions } from './instance-versions.ts'
import { managedInterfaces } from './managed-interfaces.ts'
import type { Rule } from './rule.ts'

/** Everything in which the overlay makes the emulator like AWS. Each start of the emulator has rules of its own. */
export function makeRules(): readonly Rule[] {
  return [
    clientTokens(),
    snapshotTags(),
    canonicalImage(),
    clusterMembers(),
    instanceRefresh(),
    instanceVersions(),
    defaultWarmup(),
    fileSystems(),
    groupDependencies(),
    managedInterfaces(),
  ]
}
