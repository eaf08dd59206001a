import { createHash } from 'node:crypto'

export interface Site {
  readonly name: string
  readonly aliases: readonly string[]
  readonly upstream: string
  readonly resolver: readonly string[]
  readonly maxBody: string
  readonly timeout: number
  readonly tls: boolean
}

/** Where dehydrated puts answers to HTTP-01 challenges, and nginx finds them. */
export const challenges = '/var/lib/dehydrated/acme-challenges'

/** The file of nginx for a site. From 1.25.1 on HTTP/2 has a directive of its own, and in `listen` it is warned of. */
export function siteFile(site: Site, version: string): string {
  const { name, aliases, tls } = site
  const names = [name, ...aliases].join(' ')
  // a map stands outside of servers, so its variable needs a name of its own
  const connection = `$connection_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  const directive = atLeast(version, [1, 25, 1])
  const listen = (address: string): string => `    listen ${address} ssl${directive ? '' : ' http2'};`
  const plain = [
    'server {',
    '    listen 80;',
    '    listen [::]:80;',
    `    server_name ${names};`,
    ...(tls
      ? [
          '    location ^~ /.well-known/acme-challenge/ {',
          '        default_type text/plain;',
          `        alias ${challenges}/;`,
          '    }',
          '    location / { return 301 https://$host$request_uri; }',
        ]
      : proxied(site, connection)),
    '}',
  ]
  const secure = [
    'server {',
    listen('443'),
    listen('[::]:443'),
    ...(directive ? ['    http2 on;'] : []),
    `    server_name ${names};`,
    `    ssl_certificate /etc/runner-acme/${name}/live/fullchain.pem;`,
    `    ssl_certificate_key /etc/runner-acme/${name}/live/privkey.pem;`,
    '    ssl_protocols TLSv1.2 TLSv1.3;',
    ...proxied(site, connection),
    '}',
  ]
  const text = [
    '# Written by runner: changes made here are lost.',
    `map $http_upgrade ${connection} { default upgrade; '' close; }`,
    ...plain,
    ...(tls ? secure : []),
  ]
  return `${text.join('\n')}\n`
}

function proxied({ upstream, resolver, maxBody, timeout }: Site, connection: string): readonly string[] {
  const [host = ''] = upstream.replace(/^https?:\/\//, '').split(/:\d+$/)
  return [
    // a name in a variable is looked up by the resolver for as long as its record lasts; one that stands in proxy_pass only at the start
    `    resolver ${resolver.map((one) => (/^[^[].*:.*:/.test(one) ? `[${one}]` : one)).join(' ')};`,
    '    resolver_timeout 5s;',
    `    set $upstream ${upstream};`,
    `    client_max_body_size ${maxBody};`,
    '    location / {',
    '        proxy_pass $upstream;',
    '        proxy_http_version 1.1;',
    '        proxy_set_header Host $host;',
    '        proxy_set_header X-Real-IP $remote_addr;',
    '        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    '        proxy_set_header X-Forwarded-Host $host;',
    '        proxy_set_header X-Forwarded-Proto $scheme;',
    '        proxy_set_header Upgrade $http_upgrade;',
    `        proxy_set_header Connection ${connection};`,
    `        proxy_read_timeout ${timeout}s;`,
    `        proxy_send_timeout ${timeout}s;`,
    ...(upstream.startsWith('https:') ? ['        proxy_ssl_server_name on;', `        proxy_ssl_name ${host};`] : []),
    '    }',
  ]
}

function atLeast(version: string, wanted: readonly number[]): boolean {
  const have = version.split('.').map(Number)
  for (const [index, number] of wanted.entries()) if ((have[index] ?? 0) !== number) return (have[index] ?? 0) > number
  return true
}
