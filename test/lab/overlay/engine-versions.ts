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

/** The newest patch of each line that is made when only the line is asked for. */
const patches: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mysql: { '8.0': '8.0.42', '8.4': '8.4.5' },
  postgres: { '16': '16.9', '17': '17.5' },
  'aurora-mysql': { '8.0': '8.0.mysql_aurora.3.08.2' },
  'aurora-postgresql': { '16': '16.6' },
}

/** A cluster runs a whole version, though only its line was asked for (RDS User Guide, Specifying the engine version: `8.4` becomes 8.4.x); moto keeps `8.4`. */
export function patchVersions(): Rule {
  return {
    because: 'RDS API Reference, DBCluster, EngineVersion: the version that runs, down to the patch',
    operations: ['rds:CreateDBCluster', 'rds:ModifyDBCluster'],
    handle: async (call, next) => {
      const asked = call.parameters.get('EngineVersion') ?? ''
      const engine = call.parameters.get('Engine')
      const lines = engine === null ? Object.values(patches) : [patches[engine] ?? {}]
      const whole = lines.flatMap((line) => line[asked] ?? [])[0]
      if (whole === undefined) return await next()
      const parameters = new URLSearchParams(call.parameters)
      parameters.set('EngineVersion', whole)
      return await next({ ...call, parameters, body: parameters.toString() })
    },
  }
}
