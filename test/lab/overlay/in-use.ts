import { refusal, type Call, type Question, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/** What is still used, or not ready yet, is not changed or deleted (the errors of these operations in the RDS and EFS API References). */
export function inUse(): Rule {
  return {
    because:
      'RDS and EFS API References: FileSystemInUse, InvalidDBSubnetGroupStateFault, InvalidDBClusterStateFault, …',
    operations: [
      'efs:DeleteFileSystem',
      'efs:CreateMountTarget',
      'rds:DeleteDBSubnetGroup',
      'rds:ModifyDBCluster',
      'rds:DeleteDBCluster',
    ],
    handle: async (call, next, ask) => {
      const listed = async (path: string): Promise<readonly Readonly<Record<string, string>>[]> => {
        const { status, body } = await ask({ service: 'efs', path: `/2015-02-01/${path}` })
        const lists = status === 200 ? (JSON.parse(body) as Record<string, Record<string, string>[]>) : {}
        return lists['FileSystems'] ?? lists['MountTargets'] ?? []
      }
      switch (call.operation) {
        case 'DeleteFileSystem': {
          const id = call.path.split('/').at(-1) ?? ''
          return (await listed(`mount-targets?FileSystemId=${id}`)).length > 0
            ? refusal(call, 'FileSystemInUse', `file system ${id} has mount targets`, 409)
            : await next()
        }
        case 'CreateMountTarget': {
          const { FileSystemId: id = '' } = JSON.parse(call.body) as { FileSystemId?: string }
          const state = (await listed(`file-systems?FileSystemId=${id}`))[0]?.['LifeCycleState']
          return state === undefined || state === 'available'
            ? await next()
            : refusal(call, 'IncorrectFileSystemLifeCycleState', `file system ${id} is ${state}`, 409)
        }
        case 'DeleteDBSubnetGroup': {
          const name = call.parameters.get('DBSubnetGroupName')?.toLowerCase()
          const user = (await clusters(ask)).find((one) => valueOf(one, 'DBSubnetGroup')?.toLowerCase() === name)
          return user === undefined
            ? await next()
            : refusal(
                call,
                'InvalidDBSubnetGroupStateFault',
                `${name} is used by ${valueOf(user, 'DBClusterIdentifier')}`,
              )
        }
        default:
          return (await unsettled(call, ask)) ?? (await next())
      }
    },
  }
}

type Ask = (question: Question) => Promise<{ readonly body: string }>

async function clusters(ask: Ask): Promise<readonly string[]> {
  const { body } = await ask({ service: 'rds', parameters: { Action: 'DescribeDBClusters' } })
  return elements(elements(body, 'DBClusters').join(''), 'DBCluster')
}

/** A cluster that is being made, changed or deleted takes no other change. */
async function unsettled(call: Call, ask: Ask) {
  const name = call.parameters.get('DBClusterIdentifier')?.toLowerCase()
  const cluster = (await clusters(ask)).find((one) => valueOf(one, 'DBClusterIdentifier') === name)
  const status = cluster && valueOf(cluster, 'Status')
  return status === undefined || status === 'available'
    ? undefined
    : refusal(call, 'InvalidDBClusterStateFault', `DB cluster ${name} is ${status}`)
}
