/** What a key of a play, task or block may hold. */
export type Kind =
  | 'text'
  /** A text or a list of texts. */
  | 'texts'
  | 'boolean'
  | 'number'
  | 'map'
  | 'list'
  /** A bare expression. */
  | 'expression'
  /** A bare expression, or a list of them that must all hold. */
  | 'expressions'
  | 'sizes'
  /** A list, or an expression that gives one. */
  | 'loop'
  | 'any'

export interface KeySpec {
  readonly kind: Kind
  readonly description: string
  /** It may be (or contain) an expression. */
  readonly open?: true
  readonly choices?: readonly string[]
  /** What a map may hold. */
  readonly keys?: KeyTable
}
export interface KeyTable {
  readonly [key: string]: KeySpec
}

const loopControlKeys = {
  loop_var: { kind: 'text', description: 'Name of the variable that holds the item (item).' },
  label: { kind: 'any', open: true, description: 'What is shown of the item.' },
} as const satisfies KeyTable

const awsKeys = {
  region: { kind: 'text', open: true, description: 'Region, such as us-east-1.' },
  profile: { kind: 'text', open: true, description: 'Profile of ~/.aws/config.' },
  account: {
    kind: 'text',
    open: true,
    description: 'Number of the account that it must be, in quotes: in any other nothing is even read.',
  },
  assume_role: { kind: 'text', open: true, description: 'ARN of a role that is taken on.' },
  endpoint: { kind: 'text', open: true, description: 'Address that is asked instead of AWS’s own.' },
} as const satisfies KeyTable

const inherited = {
  when: {
    kind: 'expressions',
    description: 'Done only where this holds: an expression without braces, or a list of which all must hold.',
  },
  tags: { kind: 'texts', description: 'Labels by which --tags and --skip-tags select.' },
  become: { kind: 'boolean', open: true, description: 'Done as another user, through sudo.' },
  become_user: { kind: 'text', open: true, description: 'That user; root if not said.' },
  vars: { kind: 'map', open: true, description: 'Variables.' },
  environment: { kind: 'map', open: true, description: 'Environment variables of what runs on hosts.' },
  ignore_errors: { kind: 'boolean', description: 'A failure is reported, but does not stop the host.' },
  no_log: { kind: 'boolean', description: 'Neither arguments nor outputs are shown.' },
  delegate_to: { kind: 'text', open: true, description: 'The host on which it is done instead.' },
  notify: { kind: 'texts', description: 'Handlers that run when this changed something.' },
} as const satisfies KeyTable

export const playKeys = {
  name: { kind: 'text', description: 'What the play is for.' },
  hosts: {
    kind: 'texts',
    open: true,
    description: 'Pattern of hosts: all, a group, a:b, a:&b, a:!b, web*, or localhost.',
  },
  become: inherited.become,
  become_user: inherited.become_user,
  connection: { kind: 'text', choices: ['ssh', 'local'], description: 'How hosts are reached.' },
  aws: {
    kind: 'map',
    open: true,
    keys: awsKeys,
    description: 'Where AWS tasks work: region, profile, account, assume_role, endpoint.',
  },
  vars: inherited.vars,
  vars_files: { kind: 'texts', description: 'Files of variables, relative to this playbook.' },
  environment: inherited.environment,
  serial: { kind: 'sizes', description: 'Hosts at a time: a number, a percentage, or a list of these.' },
  strategy: {
    kind: 'text',
    choices: ['free', 'linear'],
    description: 'Whether hosts wait for each other after every task (linear).',
  },
  max_fail_percentage: { kind: 'number', description: 'The run stops when more of the hosts failed.' },
  any_errors_fatal: { kind: 'boolean', description: 'The run stops at the first host that fails.' },
  gather: { kind: 'texts', description: 'Facts that are gathered; those referred to if not said.' },
  tags: inherited.tags,
  pre_tasks: { kind: 'list', description: 'Tasks before the tasks.' },
  tasks: { kind: 'list', description: 'What is to be so.' },
  post_tasks: { kind: 'list', description: 'Tasks behind the tasks.' },
  handlers: { kind: 'list', description: 'Tasks that run at the end, when they were notified.' },
} as const satisfies KeyTable

export const taskKeys = {
  name: { kind: 'text', description: 'What is to be so, for people.' },
  register: { kind: 'text', description: 'The variable that takes the outputs.' },
  ...inherited,
  loop: { kind: 'loop', open: true, description: 'A list: the task is done for each item.' },
  loop_control: {
    kind: 'map',
    keys: loopControlKeys,
    description: 'loop_var names the variable of the item, label what is shown of it.',
  },
  listen: { kind: 'texts', description: 'Other names by which this handler is notified.' },
  until: { kind: 'expression', description: 'Tried again until this holds.' },
  retries: { kind: 'number', description: 'How often it is tried again (3).' },
  delay: { kind: 'number', description: 'Seconds between tries (5).' },
  timeout: { kind: 'number', description: 'Seconds after which it is ended.' },
  failed_when: { kind: 'expression', description: 'It failed if this holds.' },
  changed_when: { kind: 'expression', description: 'It changed something if this holds.' },
  run_once: { kind: 'boolean', description: 'Done on the first host only; all see its outputs.' },
  needs: { kind: 'texts', description: 'Names of tasks of this play that must be through before.' },
  protect: { kind: 'boolean', description: 'Never deleted or replaced unless named with --allow-destroy.' },
} as const satisfies KeyTable

export const blockKeys = {
  name: { kind: 'text', description: 'What these tasks are for.' },
  block: { kind: 'list', description: 'Tasks that share these keys.' },
  rescue: { kind: 'list', description: 'Tasks that run when one of the block failed.' },
  always: { kind: 'list', description: 'Tasks that run in any case.' },
  ...inherited,
} as const satisfies KeyTable

export const importTasksKeys = {
  name: { kind: 'text', description: 'What is imported.' },
  import_tasks: { kind: 'text', description: 'A file with a list of tasks, relative to this one.' },
  when: inherited.when,
  tags: inherited.tags,
  vars: inherited.vars,
  become: inherited.become,
  become_user: inherited.become_user,
  environment: inherited.environment,
} as const satisfies KeyTable

export const importPlaybookKeys = {
  name: { kind: 'text', description: 'What is imported.' },
  import_playbook: { kind: 'text', description: 'Another playbook, relative to this one.' },
  tags: inherited.tags,
  vars: inherited.vars,
} as const satisfies KeyTable
