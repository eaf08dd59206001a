import { certificateCourse } from './certificate-course.ts'
import { certificateTags } from './certificates.ts'
import { clientTokens } from './client-tokens.ts'
import { clusterMembers } from './cluster-members.ts'
import { consoleOutput } from './console-output.ts'
import type { Courses } from './course.ts'
import { databaseOffers, databaseZones } from './database-zones.ts'
import { daysOfBackups } from './days-of-backups.ts'
import { defaultWarmup } from './default-warmup.ts'
import { deletedVersions } from './deleted-versions.ts'
import { engineVersions, patchVersions } from './engine-versions.ts'
import { fileSystems } from './file-systems.ts'
import { groupDependencies } from './group-dependencies.ts'
import { groupPermissions } from './group-permissions.ts'
import { groupReconciler } from './group-reconciler.ts'
import { canonicalImage, snapshotTags } from './images.ts'
import { inUse } from './in-use.ts'
import { instanceRefresh } from './instance-refresh.ts'
import { instanceVersions } from './instance-versions.ts'
import { lives } from './life.ts'
import { checksLife, imageLife, instanceLife, natLife } from './lives-of-ec2.ts'
import { balancerLife, databaseLife, fileSystemLife, groupLife, mountTargetLife } from './lives-of-others.ts'
import { maintenanceWindow } from './maintenance-window.ts'
import { managedInterfaces } from './managed-interfaces.ts'
import { gatewayEndpoints, natGateways, networkDependencies, onlyOne, subnetGroups } from './network-parts.ts'
import { parameterRestart } from './parameter-restart.ts'
import { profileLag } from './profile-lag.ts'
import { rootVolume } from './root-volume.ts'
import type { Rule } from './rule.ts'
import { deletionProtection, sameBalancer, sameName } from './same-name.ts'
import { targetHealth } from './target-health.ts'
import { templateTags } from './template-tags.ts'
import { userData } from './user-data.ts'

/** Everything in which the overlay makes the emulator like AWS. Each start of the emulator has rules of its own. */
export function makeRules(courses: Courses): readonly Rule[] {
  const all = [
    databaseLife,
    balancerLife,
    fileSystemLife,
    mountTargetLife,
    groupLife,
    instanceLife,
    checksLife,
    imageLife,
    natLife,
  ]
  return [
    inUse(),
    daysOfBackups(courses),
    maintenanceWindow(courses),
    parameterRestart(),
    ...all.map((life) => lives(life, courses)),
    groupReconciler(courses),
    targetHealth(courses),
    profileLag(courses),
    databaseOffers(),
    databaseZones(),
    sameName(),
    sameBalancer(),
    deletionProtection(),
    consoleOutput({ text: () => undefined }),
    templateTags(),
    deletedVersions(),
    clientTokens(),
    snapshotTags(),
    canonicalImage(),
    clusterMembers(),
    instanceRefresh(courses),
    instanceVersions(),
    defaultWarmup(),
    fileSystems(),
    groupDependencies(),
    groupPermissions(),
    natGateways(),
    networkDependencies(),
    onlyOne(),
    gatewayEndpoints(),
    subnetGroups(),
    managedInterfaces(),
    certificateTags(),
    certificateCourse(courses),
    userData(),
    rootVolume(),
    engineVersions(),
    patchVersions(),
  ]
}
