import { result, type Rule } from './rule.ts'

const defaults: Readonly<Record<string, readonly [version: string, family: string]>> = {
  mysql: ['8.4.5', 'mysql8.4'],
  postgres: ['17.4', 'postgres17'],
  'aurora-mysql': ['8.0.mysql_aurora.3.08.2', 'aurora-mysql8.0'],
  'aurora-postgresql': ['16.6', 'aurora-postgresql16'],
}

/** RDS says which version of an engine is made when none is asked for (API Reference, DescribeDBEngineVersions); moto answers 500. */
export function engineVersions(): Rule {
  return {
    because: 'RDS API Reference, DescribeDBEngineVersions with DefaultOnly',
    operations: ['rds:DescribeDBEngineVersions'],
    handle: ({ parameters, operation }) => {
      const engine = parameters.get('Engine') ?? ''
      const found = defaults[engine]
      const version = found
        ? `<DBEngineVersion><Engine>${engine}</Engine><EngineVersion>${found[0]}</EngineVersion><DBParameterGroupFamily>${found[1]}</DBParameterGroupFamily></DBEngineVersion>`
        : ''
      return Promise.resolve(result(operation, `<DBEngineVersions>${version}</DBEngineVersions>`))
    },
  }
}
