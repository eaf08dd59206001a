import {
  PutBackupPolicyCommand,
  PutLifecycleConfigurationCommand,
  type LifecyclePolicy,
  type TransitionToArchiveRules,
  type TransitionToIARules,
} from '@aws-sdk/client-efs'
import type { Cloud } from '../../../connections/cloud.ts'
import type { ArgsOf } from '../../module.ts'
import type { args } from './schema.ts'

/** Lifecycle and backups, each by a call of its own that puts the whole of it. */
export async function applyPolicies(
  { lifecycle, backup }: ArgsOf<typeof args>,
  FileSystemId: string,
  changes: (path: string) => boolean,
  cloud: Cloud,
): Promise<void> {
  const efs = await cloud.client('efs')
  if (lifecycle && changes('lifecycle')) {
    const { infrequent_access: infrequent, archive, back } = lifecycle
    const upper = <T>(text: string): T => text.toUpperCase() as T
    const LifecyclePolicies: LifecyclePolicy[] = [
      ...(infrequent === undefined ? [] : [{ TransitionToIA: upper<TransitionToIARules>(infrequent) }]),
      ...(archive === undefined ? [] : [{ TransitionToArchive: upper<TransitionToArchiveRules>(archive) }]),
      ...(back === undefined ? [] : [{ TransitionToPrimaryStorageClass: upper<'AFTER_1_ACCESS'>(back) }]),
    ]
    await efs.send(new PutLifecycleConfigurationCommand({ FileSystemId, LifecyclePolicies }))
  }
  if (backup !== undefined && changes('backup')) {
    const BackupPolicy = { Status: backup ? 'ENABLED' : 'DISABLED' } as const
    await efs.send(new PutBackupPolicyCommand({ FileSystemId, BackupPolicy }))
  }
}
