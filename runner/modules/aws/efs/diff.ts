import { failure } from '../../../language/diagnostic.ts'
import { compare, type Change } from '../../../plan/change.ts'
import type { ArgsOf, Wanted } from '../../module.ts'
import type { FileSystem } from './read.ts'
import type { args } from './schema.ts'

export function diff(want: Wanted<ArgsOf<typeof args>, 'name'>, have: FileSystem | undefined): Change {
  const { subnets, security_groups, encrypted, throughput, performance, provisioned_mibps, lifecycle, backup } = want
  if (throughput === 'provisioned' && provisioned_mibps === undefined)
    throw failure('E792', 'provisioned throughput needs `provisioned_mibps`', {
      hint: 'say how many MiB a second, or let AWS decide with throughput: elastic',
    })
  const wanted = {
    encrypted: encrypted ?? true,
    performance: performance ?? 'generalPurpose',
    throughput: throughput ?? 'elastic',
    provisioned_mibps: throughput === 'provisioned' ? provisioned_mibps : undefined,
    lifecycle,
    backup,
    subnets,
    security_groups,
  }
  const there = have && {
    encrypted: have.encrypted,
    performance: have.performance,
    throughput: have.throughput,
    provisioned_mibps: have.provisioned,
    lifecycle: have.lifecycle,
    backup: have.backup,
    subnets: have.targets.map((target) => target.subnet),
    // what is shown is that of the first target which differs
    security_groups: differing(security_groups, have) ?? have.targets[0]?.groups ?? security_groups,
  }
  return compare(wanted, there, {
    sets: ['subnets', 'security_groups'],
    replace: ['encrypted', 'performance'],
    ...(onlyAdds(subnets, have) && { disruption: { subnets: 'none' } }),
  })
}

/** Whoever has mounted stays so as long as no mount target goes. */
function onlyAdds(subnets: unknown, have: FileSystem | undefined): boolean {
  return Array.isArray(subnets) && have !== undefined && have.targets.every(({ subnet }) => subnets.includes(subnet))
}

function differing(wanted: unknown, have: FileSystem): readonly string[] | undefined {
  if (!Array.isArray(wanted) || !wanted.every((one) => typeof one === 'string')) return undefined
  const text = (wanted as string[]).toSorted().join()
  return have.targets.find((target) => target.groups.toSorted().join() !== text)?.groups
}
