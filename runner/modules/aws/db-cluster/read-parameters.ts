import { paginateDescribeDBClusterParameters } from '@aws-sdk/client-rds'
import type { Cloud } from '../../../connections/cloud.ts'
import { ignoreMissing } from '../errors.ts'

/** MySQL and MariaDB know it as the one, PostgreSQL as the other. */
export const tlsParameters: readonly string[] = ['require_secure_transport', 'rds.force_ssl']

/** Whether a parameter group refuses connections that are not encrypted. */
export async function requiresTls(group: string, cloud: Cloud): Promise<boolean> {
  if (group === '') return false
  const value = await cloud.once(`rds:parameters:${group}`, async () => {
    const client = await cloud.client('rds')
    // only what somebody set: a whole list has some hundred entries, and defaults of AWS do not require it for MySQL
    const pages = paginateDescribeDBClusterParameters(
      { client },
      { DBClusterParameterGroupName: group, Source: 'user' },
    )
    return await (async () => {
      for await (const page of pages)
        for (const { ParameterName = '', ParameterValue } of page.Parameters ?? [])
          if (tlsParameters.includes(ParameterName)) return ParameterValue
      return undefined
    })().catch(ignoreMissing)
  })
  return value === '1' || value?.toUpperCase() === 'ON'
}
