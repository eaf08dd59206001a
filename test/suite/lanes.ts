import { globSync } from 'node:fs'

/** Test files that one process runs. */
export interface Bundle {
  readonly files: readonly string[]
  /** How long it takes about, in seconds. */
  readonly seconds: number
}

/** Files in which the clock decides, so that nothing may run beside them: how long a whole run takes, how soon it ends, how it grows. */
export const alone: readonly string[] = [
  'test/cloud/scale.test.ts',
  'test/engine/round-trips.test.ts',
  'test/objective2/critical-path.test.ts',
  'test/objective2/waiting.test.ts',
]

/** About how many seconds the longer ones take on two processors. What is not named takes few. */
export const takes: Readonly<Record<string, number>> = {
  'test/app/container.test.ts': 70,
  'test/app/covers.test.ts': 20,
  'test/app/early.test.ts': 20,
  'test/app/fuzz.test.ts': 30,
  'test/app/instances.test.ts': 45,
  'test/app/journey.test.ts': 25,
  'test/app/mariadb.test.ts': 20,
  'test/app/routing.test.ts': 60,
  'test/app/secrets.test.ts': 35,
  'test/app/setup.test.ts': 20,
  'test/cli/terminal.test.ts': 25,
  'test/cloud/asked-hosts.test.ts': 20,
  'test/cloud/disruption.test.ts': 40,
  'test/cloud/host-keys.test.ts': 20,
  'test/cloud/network.test.ts': 50,
  'test/cloud/orphans.test.ts': 40,
  'test/cloud/ownership.test.ts': 40,
  'test/cloud/permissions.test.ts': 40,
  'test/cloud/refusals.test.ts': 50,
  'test/cloud/rollout.test.ts': 50,
  'test/cloud/sweep.test.ts': 40,
  'test/cloud/warnings.test.ts': 40,
  'test/connections/fuzz.test.ts': 20,
  'test/connections/ssh.test.ts': 20,
  'test/docs.test.ts': 15,
  'test/engine/bad-hosts.test.ts': 20,
  'test/engine/interrupted.test.ts': 30,
  'test/engine/parallel.test.ts': 25,
  'test/engine/plays-over-ssh.test.ts': 25,
  'test/engine/plays.test.ts': 25,
  'test/engine/refusals.test.ts': 80,
  'test/engine/selected.test.ts': 15,
  'test/engine/transfer.test.ts': 25,
  'test/hosts/any-state.test.ts': 60,
  'test/hosts/docker-compose.test.ts': 90,
  'test/hosts/docker-engine.test.ts': 90,
  'test/hosts/docker-images.test.ts': 80,
  'test/hosts/loss.test.ts': 50,
  'test/hosts/modules.test.ts': 80,
  'test/hosts/nfs-mount.test.ts': 220,
  'test/hosts/proxy-site.test.ts': 140,
  'test/hosts/reboot.test.ts': 60,
  'test/hosts/redaction-modules.test.ts': 90,
  'test/hosts/redaction.test.ts': 30,
  'test/lab/group-rules.test.ts': 25,
  'test/lab/rules.test.ts': 35,
  'test/lab/scaling-rules.test.ts': 25,
  'test/modules/aws/network-updates.test.ts': 60,
  'test/modules/aws/network.test.ts': 180,
  'test/modules/aws/roll-outs.test.ts': 20,
  'test/modules/aws/waiting-groups.test.ts': 40,
  'test/modules/aws/waiting-profiles.test.ts': 30,
  'test/modules/aws/waiting.test.ts': 45,
  'test/objective2/killed.test.ts': 140,
  'test/objective2/mission.test.ts': 120,
  'test/objective2/troubled.test.ts': 270,
  'test/objective2/variants.test.ts': 60,
  'test/package.test.ts': 30,
  'test/schemas/strict.test.ts': 25,
  'test/suite/group.test.ts': 15,
}

const few = 2

/** Those that may run beside each other, the longest first: so no long one is left for the end. The short ones share processes. */
export function bundlesOf(files: readonly string[]): readonly Bundle[] {
  const single = files.filter((file) => takes[file] !== undefined)
  const rest = files.filter((file) => takes[file] === undefined)
  const shared = Array.from({ length: Math.ceil(rest.length / 8) }, (_, at) => rest.slice(at * 8, at * 8 + 8))
  return [
    ...single.map((file) => ({ files: [file], seconds: takes[file] ?? few })),
    ...shared.map((some) => ({ files: some, seconds: some.length * few })),
  ].toSorted((one, other) => other.seconds - one.seconds)
}

/** All test files. */
export function testFiles(): readonly string[] {
  const files = globSync('test/**/*.test.ts').toSorted()
  const gone = [...alone, ...Object.keys(takes)].filter((file) => !files.includes(file))
  if (gone.length > 0) throw new Error(`test/suite/lanes.ts names files that are not there: ${gone.join(', ')}`)
  return files
}
