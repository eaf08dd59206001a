import { json, type Rule } from './rule.ts'

interface Changed {
  throughput?: Readonly<Record<string, unknown>>
  backup?: string
}

/** A file system's throughput and its backups can be changed (EFS API Reference); moto answers 500. */
export function fileSystems(): Rule {
  const changed = new Map<string, Changed>()
  const remember = (id: string, more: Changed): void => void changed.set(id, { ...changed.get(id), ...more })
  const amended = (system: Readonly<Record<string, unknown>>): object => ({
    ...system,
    ...changed.get(String(system['FileSystemId']))?.throughput,
  })
  return {
    because: 'EFS API Reference: UpdateFileSystem, PutBackupPolicy',
    operations: [
      'efs:UpdateFileSystem',
      'efs:PutBackupPolicy',
      'efs:DescribeBackupPolicy',
      'efs:DescribeFileSystems',
      'efs:DeleteFileSystem',
    ],
    handle: async ({ operation, path, body }, next, ask) => {
      const id = /\/file-systems\/([^/?]+)/.exec(path)?.[1] ?? ''
      if (operation === 'DescribeFileSystems') {
        const answer = await next()
        if (answer.status !== 200) return answer
        const { FileSystems: systems = [], ...rest } = JSON.parse(answer.body) as {
          FileSystems?: Record<string, unknown>[]
        }
        return json({ ...rest, FileSystems: systems.map(amended) })
      }
      const backup = changed.get(id)?.backup
      if (operation === 'DescribeBackupPolicy')
        return backup === undefined ? await next() : json({ BackupPolicy: { Status: backup } })
      if (operation === 'DeleteFileSystem') {
        const answer = await next()
        if (answer.status < 300) changed.delete(id)
        return answer
      }
      const found = await ask({ service: 'efs', path: `/2015-02-01/file-systems?FileSystemId=${id}` })
      // there is none: FileSystemNotFound
      if (found.status !== 200) return found
      const asked = JSON.parse(body || '{}') as Record<string, unknown> & { BackupPolicy?: { Status: string } }
      if (operation === 'PutBackupPolicy') {
        remember(id, { backup: asked.BackupPolicy?.Status ?? 'DISABLED' })
        return json({ BackupPolicy: asked.BackupPolicy })
      }
      remember(id, { throughput: { ...changed.get(id)?.throughput, ...asked } })
      const [system = {}] = (JSON.parse(found.body) as { FileSystems: Record<string, unknown>[] }).FileSystems
      return json(amended(system), 202)
    },
    reset: () => changed.clear(),
  }
}
