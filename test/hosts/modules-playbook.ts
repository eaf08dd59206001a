import process from 'node:process'

/** One task of each module that can be undone, seen to drift and mended; all of them on one host. */
export interface Piece {
  readonly task: string
  readonly module: string
  readonly args: object
  /** What somebody does behind its back, as root; then the plan must name the task, and no other. */
  readonly drift?: string
  /** The fields that are seen then. */
  readonly seen?: readonly string[]
  /** A command that fails once it is undone. Absent: it stays. */
  readonly gone?: string
}

export interface Surroundings {
  /** Folder of this machine with files to send. */
  readonly files: string
  readonly suite: string
  /** A server of this machine that the host reaches. */
  readonly server: string
  readonly repository: { readonly address: string; readonly fingerprint: string }
  readonly archiveDigest: string
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8yKRbmM7lW5kTgzXxq2bVq0kGz6vY0oVnQd3mJt7aB ana'
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx1mW3cFqS2u0mXn0o1m6cV1m0JrWm6m8cPjz4yQx0Z ben'

export function pieces({ files, suite, server, repository, archiveDigest }: Surroundings): readonly Piece[] {
  // the kernel knows swap of all hosts by such paths
  const swap = `/var/lib/docker/swap file ${process.pid}`
  const odd = `/srv/it's a "dir" $(id)`
  return [
    {
      task: 'Packages',
      module: 'system.package',
      args: { name: ['cron', 'tzdata', 'zip', 'unzip'] },
      drift: 'DEBIAN_FRONTEND=noninteractive apt-get -qq -y remove zip',
      seen: ['zip'],
    },
    {
      task: 'Group',
      module: 'system.group',
      args: { name: 'deploy', gid: 2345 },
      drift: 'groupmod -g 2346 deploy',
      seen: ['gid'],
      gone: 'getent group deploy',
    },
    {
      task: 'User',
      module: 'system.user',
      args: { name: 'ana', groups: ['deploy'], shell: '/bin/bash', home: '/srv/ana' },
      drift: 'usermod -s /bin/sh ana',
      seen: ['shell'],
      gone: 'getent passwd ana',
    },
    {
      task: 'Keys',
      module: 'system.authorized_key',
      args: { user: 'ana', key, exclusive: true, options: 'no-pty' },
      drift: `echo '${other}' >>/srv/ana/.ssh/authorized_keys; chmod 0644 /srv/ana/.ssh/authorized_keys`,
      seen: ['key', 'mode'],
      gone: 'grep -q no-pty /srv/ana/.ssh/authorized_keys',
    },
    {
      task: 'Directory',
      module: 'system.file',
      args: { path: odd, state: 'directory', owner: 'ana', group: 'deploy', mode: '2750' },
      drift: `chmod 0700 '/srv/it'"'"'s a "dir" $(id)'`,
      // the group has another number by now
      seen: ['group', 'mode'],
    },
    {
      task: 'Hard link',
      module: 'system.file',
      args: { path: '/srv/hard', state: 'hard', src: '/etc/os-release.copy' },
      drift: 'rm /srv/hard',
      seen: ['state', 'src'],
      gone: 'test -e /srv/hard',
    },
    {
      task: 'Block',
      module: 'system.block',
      args: { path: `${odd}/conf`, create: true, block: 'one\ntwo $(id) `id`', mode: '0640', owner: 'ana' },
      drift: `sed -i s/one/ONE/ '/srv/it'"'"'s a "dir" $(id)/conf'`,
      seen: ['block'],
      gone: `grep -q BEGIN '/srv/it'"'"'s a "dir" $(id)/conf'`,
    },
    {
      task: 'Hostname',
      module: 'system.hostname',
      args: { name: 'web1.example.com' },
      drift:
        'hostname other; sed -i /127.0.1.1/d /etc/hosts 2>/dev/null || { grep -v 127.0.1.1 /etc/hosts >/tmp/h; cat /tmp/h >/etc/hosts; }',
      seen: ['name', 'hosts_entry'],
    },
    {
      task: 'Timezone',
      module: 'system.timezone',
      args: { name: 'Europe/Berlin' },
      drift: 'ln -sfn /usr/share/zoneinfo/Asia/Tokyo /etc/localtime',
      seen: ['name'],
    },
    {
      task: 'Sysctl',
      module: 'system.sysctl',
      args: { name: 'net.ipv4.ip_local_port_range', value: '10240 65000' },
      drift: 'echo 20000 65000 >/proc/sys/net/ipv4/ip_local_port_range',
      seen: ['value'],
      gone: 'test -e /etc/sysctl.d/99-zz-net.ipv4.ip_local_port_range.conf',
    },
    {
      task: 'Cron file',
      module: 'system.cron',
      args: { name: 'a job', file: 'app', user: 'ana', job: 'echo 50\\%', minute: '*/5' },
      drift: "sed -i 's/ana/root/' /etc/cron.d/app",
      seen: ['line'],
      gone: 'test -e /etc/cron.d/app',
    },
    {
      task: 'Crontab',
      module: 'system.cron',
      args: { name: "it's $(id)", user: 'ana', job: 'echo "$HOME" `id`', special_time: 'daily' },
      drift: 'crontab -u ana -r',
      seen: ['line'],
      gone: 'crontab -u ana -l',
    },
    {
      task: 'Timer',
      module: 'system.timer',
      args: {
        name: 'tick',
        command: ['/bin/sh', '-c', 'printf "%s\\n" "$A 50%" \'q\' >/run/tick'],
        on_calendar: ['daily', 'Mon..Fri 08:00'],
        environment: { A: 'x "y" $z' },
      },
      drift: 'systemctl disable --now tick.timer; echo >>/etc/systemd/system/tick.service',
      seen: ['service', 'enabled', 'active'],
      gone: 'test -e /etc/systemd/system/tick.timer',
    },
    {
      task: 'Masked',
      module: 'system.service',
      args: { name: 'systemd-timesyncd', masked: true },
      drift: 'systemctl unmask systemd-timesyncd',
      seen: ['masked'],
    },
    {
      task: 'Scratch space',
      module: 'system.mount',
      args: { path: '/srv/my tmp', src: 'tmpfs', fstype: 'tmpfs', opts: 'size=10m,mode=1777,nosuid' },
      drift: 'mount -o remount,size=20m,noexec "/srv/my tmp"',
      seen: ['active_opts'],
      gone: 'grep -q "my.040tmp" /etc/fstab /proc/mounts',
    },
    {
      task: 'Same directory twice',
      module: 'system.mount',
      args: { path: '/srv/bound', src: '/etc/apt', fstype: 'none', opts: 'bind,ro' },
      drift: 'umount /srv/bound',
      seen: ['mounted'],
      gone: 'grep -q /srv/bound /etc/fstab /proc/mounts',
    },
    {
      task: 'Swap',
      module: 'system.swap',
      args: { path: swap, size: '16M' },
      drift: `swapoff "${swap}"`,
      seen: ['used'],
      gone: `test -e "${swap}"`,
    },
    {
      task: 'Repository',
      module: 'system.repository',
      args: {
        name: 'lab',
        uris: `${repository.address}/debian`,
        suites: suite,
        components: 'stable',
        key_url: `${repository.address}/debian/gpg`,
        fingerprint: repository.fingerprint,
      },
      drift:
        'sed -i s/stable/testing/ /etc/apt/sources.list.d/lab.sources; gpg --batch --passphrase "" --quick-generate-key other rsa2048; gpg --armor --export >/etc/apt/keyrings/lab.asc',
      seen: ['source', 'key_url'],
      gone: 'ls /etc/apt/sources.list.d/lab.sources /etc/apt/keyrings/lab.asc',
    },
    {
      task: 'Download',
      module: 'system.download',
      args: {
        url: `${server}/private`,
        dest: '/srv/got',
        headers: { 'X-Token': 'a "b" \\c' },
        refresh: true,
        mode: '0600',
      },
      drift: 'chmod 0644 /srv/got',
      seen: ['mode'],
      gone: 'test -e /srv/got',
    },
    {
      task: 'Archive',
      module: 'system.archive',
      args: { src: `${files}/app.tar.gz`, dest: '/srv/app release', strip_components: 1, replace: true, owner: 'ana' },
      drift: 'rm -rf "/srv/app release"',
      seen: ['archive'],
    },
    {
      task: 'Archive from elsewhere',
      module: 'system.archive',
      args: { url: `${server}/app.tar.gz`, sha256: archiveDigest, dest: '/srv/other', name: 'app' },
      drift: 'echo x >/srv/other/.unpacked-app',
      seen: ['archive'],
    },
    {
      task: 'Tree',
      module: 'system.sync',
      args: { src: `${files}/tree`, dest: '/srv/tree', delete: true, owner: 'ana', group: '2345' },
      drift: 'echo more >>/srv/tree/a/file; touch /srv/tree/more; chown root /srv/tree/a; chmod 0700 /srv/tree/a',
      seen: ['changed', 'mode', 'owner', 'deleted'],
      gone: 'test -e /srv/tree',
    },
    // what it will say is not known while packages are to change
    { task: 'Facts', module: 'system.facts', args: {}, seen: [] },
    {
      task: 'Script',
      module: 'system.script',
      args: { src: `${files}/once.sh`, args: ['/srv/once'], creates: '/srv/once' },
      drift: 'rm /srv/once',
      seen: ['cmd'],
    },
    { task: 'Answer', module: 'system.http', args: { url: `${server}/ready`, contains: 'yes' } },
    {
      task: 'Job',
      module: 'app.job',
      args: { name: 'migrate', release: 'v 1', shell: 'echo did "$0" >>/srv/job; echo done' },
      drift: 'rm -r /var/lib/runner/jobs/migrate/[0-9a-f]*',
      seen: ['shell'],
    },
  ]
}

export function playbookOf(list: readonly Piece[]): string {
  const tasks = list.map(({ task, module, args }) => ({ name: task, [module]: args }))
  return JSON.stringify([{ name: 'All of them', hosts: 'web', become: true, tasks }])
}
