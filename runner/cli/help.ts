/** What `runner --help` and `runner VERB --help` say. Loads nothing else, so that it is as fast as Node starts. */
export function topic(argv: readonly string[]): { text: string; exit: number } | undefined {
  const [verb = '--help'] = argv
  if (verb === '--version' || verb === '-V') return { text: `${version}\n`, exit: 0 }
  if (verb === 'help') return { text: verbs[argv[1] ?? ''] ?? overview, exit: 0 }
  if (argv.length === 0) return { text: overview, exit: 4 }
  if (verb === '--help' || verb === '-h') return { text: overview, exit: 0 }
  if ((argv.includes('--help') || argv.includes('-h')) && Object.hasOwn(verbs, verb))
    return { text: verbs[verb] as string, exit: 0 }
  return undefined
}

export const version = '0.1.0'

const overview = `runner – playbooks for cloud and hosts together

  runner validate PLAYBOOK…         check a playbook; needs no network
  runner plan PLAYBOOK              read everything, show what would change, change nothing
  runner apply PLAYBOOK|PLAN.json   plan, show, ask, do exactly that
  runner destroy PLAYBOOK           take away what apply made, in reverse
  runner graph PLAYBOOK             what depends on what, and the critical path
  runner modules [NAME]             the modules, or one with its arguments and an example
  runner runs [ID]                  past runs of this folder, or one run's report

Begin with
  runner validate site.yml          is it written right?
  runner plan site.yml              what would happen?
  runner apply site.yml             do it

Often used
  -i, --inventory FILE   hosts and groups        -l, --limit PATTERN   only these hosts
  -e, --var K=V | @FILE  variables               -t, --tags A,B        only these tasks
  -o, --output KIND      tty plain json html     -v                    more detail, live output
  --diff                 full differences        --yes                 do not ask

Exit codes: 0 done · 1 a task failed · 2 plan has changes (--detailed-exit-code) · 3 worse than --max-disruption ·
            4 the input is wrong · 5 another run has the lock · 130 interrupted
\`runner VERB --help\` tells more.
`

const selecting = `
Selecting
  -i, --inventory FILE    repeatable; default: the folder inventory/ beside the playbook's folder
  -e, --var K=V | @FILE   repeatable; strongest of all variables
  -l, --limit PATTERN     hosts: web, web1:web2, web:!web3, web*
  -t, --tags A,B          only tasks with one of these tags      --skip-tags A,B
  --start-at NAME         begin with this task
  -f, --forks N           hosts at a time (64)                   --api-concurrency N   AWS calls at a time (16)
  -F, --ssh-config FILE   instead of ~/.ssh/config               -K, --ask-become-pass ask for the sudo password
`
const showing = `
Showing
  -o, --output tty|plain|json|html[=FILE]   default: tty on a terminal, else plain
  --diff   full differences of fields and files      -v   more detail, live remote output      --no-color
`

const verbs: Readonly<Record<string, string>> = {
  validate: `runner validate PLAYBOOK…

Checks playbooks without network, hosts or credentials: YAML, keys, arguments of every module, expressions, names that
tasks refer to. Every fault is listed with file, line and a hint. Exit code 4 when there is one.

  runner validate playbooks/*.yml
  runner validate site.yml -o json       diagnostics as JSON, for editors and CI
${selecting}`,
  plan: `runner plan PLAYBOOK

Reads hosts and AWS and shows what apply would change, why, and what is only known after apply. Changes nothing.

  runner plan site.yml --diff                     with the contents of files
  runner plan site.yml --out plan.json            keep it; \`runner apply plan.json\` does exactly this
  runner plan site.yml --detailed-exit-code       exit code 2 when there are changes
  runner plan site.yml --offline                  what a first apply into an empty account would do; reads nothing
  runner plan site.yml --max-disruption restart   exit code 3 when a change is worse (none rolling window restart failover replace data_loss)
${selecting}${showing}`,
  apply: `runner apply PLAYBOOK|PLAN.json

Plans, shows the plan, asks, and does it: never more than the plan says. Can be interrupted with Ctrl-C and run again.

  runner apply site.yml                 asks before it changes anything
  runner apply site.yml --yes           does not ask
  runner apply plan.json                a saved plan; refused when the playbook or what it saw has moved
  runner apply site.yml --resume        go on with the newest run that did not finish: commands it carried out are not repeated
  --allow-destroy NAME                  a protected task may be replaced
  --adopt NAME                          take over what exists and belongs to nobody, or to another playbook; repeatable
  --prune                               delete what carries this playbook's tag and is no longer in it
  --max-disruption LEVEL                refuse (exit code 3) when a change is worse
  --lock-wait SECONDS                   wait for another run to end instead of giving up (exit code 5)
${selecting}${showing}`,
  destroy: `runner destroy PLAYBOOK

Takes away what apply made, in reverse order; asks for the playbook's name first.

  runner destroy site.yml
  runner destroy site.yml --yes --allow-destroy "Database cluster"
${selecting}${showing}`,
  graph: `runner graph PLAYBOOK

Shows what depends on what and the critical path with its usual length; reads nothing.

  runner graph site.yml                       as text
  runner graph site.yml --format mermaid      or dot, svg, json
${selecting}`,
  modules: `runner modules [NAME]

Lists the modules; with a name: what it is for, its arguments and outputs, and an example to copy.

  runner modules
  runner modules aws.autoscaling_group
`,
  runs: `runner runs [ID]

Lists past runs of this folder; with an ID: what that run did, task by task.

  runner runs
  runner runs 20261124-130455-k3f9
`,
}
