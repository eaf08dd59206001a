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
  runner plan PLAYBOOK              read everything, show what would change
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
  -i, --inventory FILE    hosts and groups       -l, --limit PATTERN   only these hosts
  -e, --var K=V | @FILE   variables              -t, --tags A,B        only these tasks
  -o, --output KIND       tty plain json html    -v                    more, live output
  --diff                  full differences       --yes                 do not ask

Exit codes
  0  done, or nothing to do          3  worse than --max-disruption
  1  a task failed                   4  the input is wrong
  2  the plan has changes            5  another run has the lock
     (with --detailed-exit-code)   130  interrupted

\`runner VERB --help\` tells more, with examples.
`

const inputs = `
Input
  -i, --inventory FILE    hosts and groups; repeatable. Default: the folder inventory/
                          beside the playbook's folder
  -e, --var K=V | @FILE   variables, strongest of all; repeatable
`
const selecting = `  -l, --limit PATTERN     hosts: web, web1:web2, web:&new, web:!web3, web*
  -t, --tags A,B          only tasks with one of these tags
  --skip-tags A,B         no tasks with one of these tags
  --start-at NAME         begin with this task
`
const reaching = `  -f, --forks N           hosts at a time (64)
  --api-concurrency N     calls of AWS at a time (16)
  -F, --ssh-config FILE   instead of ~/.ssh/config
  -K, --ask-become-pass   ask for the password of sudo
`
const showing = `
Output
  -o, --output KIND       tty, plain, json or html[=FILE]; default: tty on a terminal,
                          else plain
  --diff                  full differences of fields and files
  -v, --verbose           more detail, live remote output
  --no-color              no colours (NO_COLOR does the same)
`
const changing = `
Changing
  --yes                   do not ask
  --allow-destroy NAME    the protected task NAME may be replaced or deleted; repeatable
  --lock-wait SECONDS     wait for another run to end instead of giving up (exit code 5)
`

const verbs: Readonly<Record<string, string>> = {
  validate: `runner validate PLAYBOOK…

Checks playbooks without network, hosts or credentials: YAML, keys, arguments of every
module, expressions, names that tasks refer to. Every fault is listed with file, line
and a hint. Exit code 4 when there is one.

  runner validate playbooks/*.yml
  runner validate site.yml -o json        faults as JSON, for editors and CI
${inputs}`,
  plan: `runner plan PLAYBOOK

Reads hosts and AWS and shows what apply would change, why, and what will be known only
then. Changes nothing.

  runner plan site.yml --diff                 with the contents of files
  runner plan site.yml --out plan.json        keep it: \`runner apply plan.json\`
  runner plan site.yml --detailed-exit-code   exit code 2 when there are changes
  runner plan site.yml --offline              a first apply into an empty account;
                                              reads nothing, needs no credentials
  runner plan site.yml --max-disruption restart
                                              exit code 3 when a change is worse than
                                              none rolling window restart failover
                                              replace data_loss (in this order)
  runner plan site.yml --prune                also what is no longer in the playbook
${inputs}${selecting}${reaching}${showing}`,
  apply: `runner apply PLAYBOOK|PLAN.json

Plans, shows the plan, asks, and does it: never more than the plan says. Ctrl-C lets
what is under way come to its end, a second one cuts it. Then run it again.

  runner apply site.yml                   asks before it changes anything
  runner apply site.yml --yes             does not ask
  runner apply plan.json                  a saved plan; refused when the playbook or
                                          what it saw has moved
  runner apply site.yml --resume          go on with the newest run that did not finish:
                                          commands it carried out are not repeated
  runner apply site.yml --resume 20261124-130455-k3f9
${changing}  --adopt NAME            take over what exists and is nobody's, or another playbook's
  --prune                 delete what carries this playbook's tag and is not in it any
                          more
  --max-disruption LEVEL  refuse (exit code 3) when a change is worse: none rolling window
                          restart failover replace data_loss
${inputs}${selecting}${reaching}${showing}`,
  destroy: `runner destroy PLAYBOOK

Takes away what apply made, in reverse order; asks for the playbook's name first.

  runner destroy site.yml
  runner destroy site.yml --yes --allow-destroy "Database cluster"
${changing}${inputs}${selecting}${reaching}${showing}`,
  graph: `runner graph PLAYBOOK

Shows what depends on what and the critical path with its usual length; reads nothing.

  runner graph site.yml                       as text
  runner graph site.yml --format svg          or mermaid, dot, json
${inputs}${selecting}`,
  modules: `runner modules [NAME]

Lists the modules; with a name: what it is for, its arguments and outputs, and an
example to copy.

  runner modules
  runner modules aws.autoscaling_group
  runner modules -o json                  for programs
  runner modules --iam-policy site.yml    the least that the runner's user must be
                                          allowed, as a policy of IAM
`,
  runs: `runner runs [ID]

Lists past runs of this folder; with an ID: what that run did, task by task.

  runner runs
  runner runs 20261124-130455-k3f9
  runner runs 20261124-130455-k3f9 -o html=report.html
`,
}
