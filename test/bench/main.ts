import process from 'node:process'
import { parseArgs } from 'node:util'
import { names, type Name } from './hosts/competitors.ts'
import { hostsBench } from './hosts/bench.ts'
import { startup } from './startup.ts'

const usage = `npm run bench -- [startup] [hosts] [app] [--hosts 1,20] [--with ${names.join(',')}] [--delay MS] [--rounds N]

  startup   runner --help and runner validate, against Node that does nothing
  hosts     twenty tasks on real sshd hosts: OpenSSH (the floor), the runner, pyinfra, ansible-core, mitogen
  app       the bookstore on a writer and two readers: reads, purchases, servers that are killed; by themselves are
            test/bench/app/catalogue.ts (a million books) and test/bench/app/scale.ts (more processes, more readers)

The first two when none is named. The hosts are containers, so root is needed; the peers are installed into venvs once.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hosts: { type: 'string', default: '1,20' },
    with: { type: 'string', default: names.join(',') },
    delay: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const chosen = positionals.length > 0 ? positionals : ['startup', 'hosts']
const known = values.with.split(',').filter((name): name is Name => (names as readonly string[]).includes(name))
if (values.help || chosen.some((name) => !['startup', 'hosts', 'app'].includes(name))) process.stdout.write(usage)
else {
  if (chosen.includes('startup')) await startup()
  if (chosen.includes('hosts'))
    for (const count of values.hosts.split(',').map(Number))
      await hostsBench({ hosts: count, names: known, delay: Number(values.delay), rounds: Number(values.rounds) })
  // a program of its own
  if (chosen.includes('app')) await import('./app/bench.ts')
}
