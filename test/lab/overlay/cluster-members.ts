import type { Rule } from './rule.ts'

/** A Multi-AZ DB cluster has one writer and two readable standbys that AWS makes (RDS User Guide, Multi-AZ DB clusters); moto makes none. */
export function clusterMembers(): Rule {
  return {
    because: 'RDS User Guide: a Multi-AZ DB cluster has a writer and two readers in three zones',
    operations: ['rds:DescribeDBClusters'],
    amend: (_call, answer) => ({
      ...answer,
      body: answer.body.replaceAll(/<DBCluster>[\s\S]*?<\/DBCluster>/g, (cluster) => {
        const name = /<DBClusterIdentifier>([^<]+)</.exec(cluster)?.[1]
        if (name === undefined || !/<DBClusterInstanceClass>/.test(cluster)) return cluster
        const members = [1, 2, 3].map(
          (index) =>
            `<DBClusterMember><DBInstanceIdentifier>${name}-instance-${index}</DBInstanceIdentifier><IsClusterWriter>${index === 1}</IsClusterWriter><DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus><PromotionTier>1</PromotionTier></DBClusterMember>`,
        )
        return `${cluster.replace(/<DBClusterMembers\s*\/>|<DBClusterMembers>[\s\S]*?<\/DBClusterMembers>/, '').replace('</DBCluster>', '')}<DBClusterMembers>${members.join('')}</DBClusterMembers></DBCluster>`
      }),
    }),
  }
}
