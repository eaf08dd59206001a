import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { startDns, type Dns } from './dns.ts'
import { imported, startEngine } from './docker.ts'
import type { Host } from './host.ts'

/**
 * An issuer of certificates as the Internet has them: Pebble, the ACME server that Let's Encrypt tests clients with. It asks the DNS of
 * the lab, where DuckDNS is a double that answers as https://www.duckdns.org/spec.jsp says.
 */
export interface Acme {
  /** For `certificate.server`, once the host was made `acquainted`. */
  readonly directory: string
  readonly dns: Dns
  /** Requests that came to DuckDNS. */
  readonly duckdns: readonly string[]
  /** Lets a host find the issuer and DuckDNS, and trust both; returns the file with the authority that certificates lead to. */
  acquaint(host: Host): Promise<string>
  close(): Promise<void>
}

export const duckdnsToken = 'a7c4d0ad-114e-40ef-ba1d-d217904a50f2'

/** `seconds`: how long certificates last. */
export async function startAcme(gateway: string, seconds: number): Promise<Acme> {
  const engine = await startEngine()
  const image = await pebbleImage()
  const folder = mkdtempSync(join(tmpdir(), 'runner-acme-'))
  await certificates(folder)
  const dns = await startDns(gateway)
  const profile = { description: 'short', validityPeriod: seconds }
  writeFileSync(
    join(folder, 'pebble.json'),
    JSON.stringify({
      pebble: {
        listenAddress: '0.0.0.0:14000',
        managementListenAddress: '0.0.0.0:15000',
        certificate: '/lab/server.pem',
        privateKey: '/lab/server.key',
        httpPort: 80,
        tlsPort: 443,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
        certificateValidityPeriod: seconds,
        profiles: { default: profile },
      },
    }),
  )
  const id = await engine.docker(
    'run',
    '--detach',
    '--rm',
    '--label',
    'runner-lab',
    '--env',
    'PEBBLE_VA_NOSLEEP=1',
    // one valid nonce of a hundred is refused, as issuers do now and then
    '--env',
    'PEBBLE_WFE_NONCEREJECT=1',
    '--volume',
    `${folder}:/lab:ro`,
    image,
    'pebble',
    '-config',
    '/lab/pebble.json',
    '-dnsserver',
    dns.at,
  )
  const address = await engine.docker(
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    id,
  )
  const requests: string[] = []
  const double = createServer(
    { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) },
    (request, response) => {
      const url = new URL(request.url ?? '', 'https://www.duckdns.org')
      requests.push(url.search)
      const asked = url.searchParams
      const good = url.pathname === '/update' && asked.get('token') === duckdnsToken && asked.has('domains')
      const domain = `${asked.get('domains')}.duckdns.org`
      // one TXT record, seen at every name below the domain
      const names = [...dns.a.keys()].filter((name) => name === domain || name.endsWith(`.${domain}`))
      for (const name of good ? names : [])
        dns.txt.set(`_acme-challenge.${name}`, asked.get('clear') === 'true' ? [] : [asked.get('txt') ?? ''])
      response.end(good ? 'OK' : 'KO')
    },
  ).listen(0, gateway)
  await once(double, 'listening')
  const { port } = double.address() as AddressInfo
  return {
    directory: 'https://acme.lab.test:14000/dir',
    dns,
    duckdns: requests,
    async acquaint(host) {
      const authority = readFileSync(join(folder, 'authority.pem'), 'utf8')
      const play = [
        `printf %s '${authority}' >/usr/local/share/ca-certificates/lab.crt && update-ca-certificates >/dev/null 2>&1`,
        // an address that nobody has leads to the double
        `echo '${address} acme.lab.test\n192.0.2.53 www.duckdns.org' >>/etc/hosts`,
        `iptables -t nat -A OUTPUT -p tcp -d 192.0.2.53 --dport 443 -j DNAT --to-destination ${gateway}:${port}`,
      ]
      await host.exec(play.join(' && '))
      for (let left = 40; left > 0; left--) {
        const got = await host.exec(
          'curl -fsS https://acme.lab.test:15000/roots/0 >/srv/issuer.pem && echo yes || echo no',
        )
        if (got === 'yes') return '/srv/issuer.pem'
        await sleep(500)
      }
      throw new Error(`Pebble does not answer: ${await engine.docker('logs', '--tail', '5', id)}`)
    },
    async close() {
      dns.close()
      double.closeAllConnections()
      double.close()
      await engine.docker('rm', '--force', '--volumes', id).catch(() => '')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The issuer's image, made once. */
export async function pebbleImage(): Promise<string> {
  const engine = await startEngine()
  const folder = await cached('pebble-image', { packages: 'pebble', suite: 'trixie' }, async (target) => {
    const words = ['--quiet', '--variant=minbase', '--include=pebble', 'trixie', join(target, 'root.tar')]
    await execa('mmdebstrap', words)
  })
  return await imported(engine, join(folder, 'root.tar'), 'runner-lab-pebble')
}

/** An authority of the lab, and a certificate for its servers. */
async function certificates(folder: string): Promise<void> {
  const openssl = async (...words: readonly string[]): Promise<unknown> =>
    await execa('openssl', words, { cwd: folder })
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30']
  await openssl('req', '-x509', ...ec, '-subj', '/CN=Lab', '-keyout', 'authority.key', '-out', 'authority.pem')
  await openssl(
    'req',
    '-x509',
    ...ec,
    '-subj',
    '/CN=lab.test',
    '-CA',
    'authority.pem',
    '-CAkey',
    'authority.key',
    '-addext',
    'subjectAltName=DNS:acme.lab.test,DNS:www.duckdns.org',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-keyout',
    'server.key',
    '-out',
    'server.pem',
  )
}
