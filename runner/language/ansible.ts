/** Keys that an Ansible user writes by habit, and what to write here. */
const keys: Readonly<Record<string, string>> = {
  gather_facts: 'facts are gathered where they are used; `gather: [facts]` names them',
  roles: 'write tasks, or `import_tasks: FILE`',
  remote_user: 'say `user:` of the host or group in the inventory',
  port: 'say `port:` of the host or group in the inventory',
  include_tasks: 'write `import_tasks`: it is expanded before anything runs',
  include_role: 'write `import_tasks: FILE`',
  import_role: 'write `import_tasks: FILE`',
  include_vars: 'write `vars_files:` of the play',
  become_method: 'it is always sudo',
  check_mode: '`runner plan` says what would be done',
  vars_prompt: 'give variables with -e, or secrets with `!secret env:NAME`',
  local_action: 'write `delegate_to: localhost`',
  args: 'all arguments stand below the module',
  with_dict: 'write `loop: "{{ map | dict2items }}"`',
  ansible_host: 'write `address:`',
  ansible_port: 'write `port:`',
  ansible_user: 'write `user:`',
  ansible_ssh_private_key_file: 'write `identity:`',
  ansible_connection: 'write `connection:`',
  ansible_become: 'write `become:`',
  ansible_python_interpreter: 'there is no Python in it: leave it out',
  with_fileglob: 'write `loop:` with a list',
}

const modules: Readonly<Record<string, string>> = {
  apt: 'system.package',
  dnf: 'system.package',
  yum: 'system.package',
  lineinfile: 'system.line',
  systemd: 'system.service',
  systemd_service: 'system.service',
  git: 'git.checkout',
  set_fact: 'system.set_facts',
  synchronize: 'system.copy',
  mount: 'nfs.mount',
  docker_compose: 'docker.compose',
  docker_compose_v2: 'docker.compose',
  ec2_instance: 'aws.instance',
  ec2_security_group: 'aws.security_group',
  ec2_key: 'aws.key_pair',
  rds_cluster: 'aws.db_cluster',
  raw: 'system.shell',
}

/** What to write instead of a key of Ansible's; undefined for what is none. */
export function insteadOfKey(key: string): string | undefined {
  if (Object.hasOwn(keys, key)) return keys[key]
  return key.startsWith('with_') ? 'write `loop:`' : undefined
}

/** The module that does what one of Ansible's does, whatever collection it is written with. */
export function insteadOfModule(name: string): string | undefined {
  const last = name.split('.').at(-1) ?? name
  return Object.hasOwn(modules, last) ? modules[last] : undefined
}
