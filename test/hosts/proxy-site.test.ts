import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { duckdnsToken, startAcme, type Acme } from '../lab/acme.ts'
import { missingParts } from '../lab/docker.ts'
import { startHost, type Host } from '../lab/host.ts'
import { changes } from '../lab/runner.ts'
import { makeStage, type Stage } from './playing.ts'

/** nginx on a real host, certificates from a real ACME server. Each step starts from what the one before has left. */
describe('proxy.site on a real host', function () {
  this.timeout(15 * 60_000)
  const lifetime = 90
  const shop = 'shop.lab.test'
  const book = 'objective2.lab.duckdns.org'
  let host: Host
  let acme: Acme
  let stage: Stage
  let issuer: string

  before(async () => {
    const missing = await missingParts({ openssl: 'openssl' })
    if (missing !== undefined) throw new Error(missing)
    host = await startHost()
    acme = await startAcme(host.gateway, lifetime)
    issuer = await acme.acquaint(host)
    stage = makeStage(host)
    for (const name of [shop, `www.${shop}`, book]) acme.dns.a.set(name, [host.address])
    acme.dns.a.set('balancer.lab.test', ['127.0.0.11'])
    // two upstreams that say what they are asked
    const upstream = (address: string, name: string): string =>
      `server { listen ${address}:8080; location / { return 200 "${name} $request_uri $host $http_x_forwarded_proto $http_x_forwarded_for"; } }`
    await host.exec(
      `mkdir -p /etc/nginx/conf.d && echo '${upstream('127.0.0.11', 'first')} ${upstream('127.0.0.12', 'second')}' >/etc/nginx/conf.d/upstream.conf`,
    )
  })
  after(async () => {
    stage?.close()
    await Promise.all([host?.close(), acme?.close()])
  })

  const site = (more: object = {}, certificate: object = {}): object => ({
    name: 'Site',
    'proxy.site': {
      name: shop,
      upstream: 'http://balancer.lab.test:8080',
      resolver: [acme.dns.at],
      certificate: { server: acme.directory, email: 'admin@lab.test', ...certificate },
      ...more,
    },
  })
  const playbook = (task: object): string => JSON.stringify([{ hosts: 'web', become: true, tasks: [task] }])
  const get = async (words: string, name = shop): Promise<string> =>
    await host.exec(`curl -sS --resolve ${name}:443:127.0.0.1 --resolve ${name}:80:127.0.0.1 ${words}`)
  const serial = async (name = shop): Promise<string> =>
    await host.exec(
      `openssl s_client -connect 127.0.0.1:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -serial`,
    )
  const workers = async (): Promise<string> => await host.exec('pgrep -P $(cat /run/nginx.pid) | sort | tr "\\n" " "')

  it('starts without a certificate though the issuer cannot be had, and says why', async () => {
    const { failed } = await stage.apply(playbook(site({}, { server: 'https://acme.lab.test:14001/dir' })))
    expect(failed[0]?.message).to.match(/acme\.lab\.test/)
    expect(await host.exec('systemctl is-active nginx')).to.equal('active')
    expect(await host.exec(`systemctl is-enabled runner-acme@${shop}.timer`)).to.equal('enabled')
    expect(await get(`-k https://${shop}/still`)).to.contain('first /still')
  })

  it('answers by TLS with the whole chain, and a second plan finds nothing to do', async () => {
    await stage.settle(playbook(site()))
    const answer = await get(`--cacert ${issuer} -w ' %{http_version}' 'https://${shop}/a%20b?c=d'`)
    expect(answer).to.equal(`first /a%20b?c=d ${shop} https 127.0.0.1 2`)
    const chain = await host.exec(
      `openssl s_client -connect 127.0.0.1:443 -servername ${shop} -showcerts </dev/null 2>/dev/null | grep -c BEGIN`,
    )
    expect(Number(chain)).to.be.greaterThan(1)
  })

  it('is not renewed before it is due', async () => {
    const before = await serial()
    const unit = `runner-acme@${shop}`
    await host.exec(`systemctl start ${unit}.service`)
    expect(await host.exec(`journalctl --unit ${unit}.service --output cat`)).to.contain('not due yet')
    expect(await serial()).to.equal(before)
  })

  it('follows the upstream to another address without being reloaded', async () => {
    const before = await workers()
    acme.dns.a.set('balancer.lab.test', ['127.0.0.12'])
    await sleep(2500)
    expect(await get(`-k https://${shop}/`)).to.contain('second')
    expect(await workers()).to.equal(before)
  })

  it('leads from HTTP to HTTPS', async () => {
    expect(await get(`-o /dev/null -w '%{http_code} %{redirect_url}' http://${shop}/x?y`)).to.equal(
      `301 https://${shop}/x?y`,
    )
  })

  it('leaves what works as it is when nginx would not take the new file', async () => {
    await host.exec('echo "map_hash_max_size 0x;" >/etc/nginx/conf.d/wrong.conf')
    const { failed } = await stage.apply(playbook(site({ max_body: '20m' })))
    expect(failed[0]?.message).to.contain('map_hash_max_size')
    expect(await host.exec(`cat /etc/nginx/conf.d/${shop}.conf`)).to.contain('client_max_body_size 10m')
    expect(await get(`-k https://${shop}/`)).to.contain('second')
    await host.exec('rm /etc/nginx/conf.d/wrong.conf')
  })

  // the steps before it have passed the time that a new certificate has
  it('is renewed by its timer when it is due', async () => {
    const before = await serial()
    const unit = `runner-acme@${shop}`
    const left = await host.exec(
      `echo $(($(date -d "$(openssl x509 -noout -enddate -in /etc/runner-acme/${shop}/live/fullchain.pem | cut -d = -f 2)" +%s) - $(date +%s)))`,
    )
    await sleep(Math.max(0, Number(left) - lifetime / 3 + 2) * 1000)
    // the timer itself, only sooner than twice a day
    await host.exec(
      `mkdir -p /run/systemd/system/${unit}.timer.d && printf '[Timer]\\nOnActiveSec=1s\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n' >/run/systemd/system/${unit}.timer.d/soon.conf && systemctl daemon-reload && systemctl restart ${unit}.timer`,
    )
    for (let left = 40; left > 0 && (await serial()) === before; left--) await sleep(500)
    expect(await serial()).to.not.equal(before)
    expect(await get(`--cacert ${issuer} https://${shop}/`)).to.contain('second')
    await host.exec(`rm -r /run/systemd/system/${unit}.timer.d; systemctl daemon-reload`)
  })

  it('gets a certificate anew for another name', async () => {
    const more = playbook(site({ aliases: [`www.${shop}`] }))
    const [change] = changes(await stage.plan(more))
    expect(change?.fields.map((field) => (field as { path: string }).path)).to.include.members([
      'site',
      'domains',
      'issued',
    ])
    await stage.settle(more)
    expect(await get(`--cacert ${issuer} https://www.${shop}/`, `www.${shop}`)).to.contain('second')
  })

  it('gets a certificate by a DNS record at DuckDNS, and shows the token nowhere', async () => {
    const task = (token: string): string =>
      playbook(site({ name: book }, { challenge: 'duckdns', token, dns_wait: 0 })).replace('"acme', '"acme')
    const wrong = await stage.apply(task('0-wrong'))
    expect(wrong.failed[0]?.message).to.contain('DuckDNS refuses the record')
    const { stderr } = await stage.settle(task(duckdnsToken))
    expect(stderr).to.not.contain(duckdnsToken)
    expect(await get(`--cacert ${issuer} https://${book}/`, book)).to.contain('second')
    expect(acme.duckdns.at(-1)).to.contain('domains=lab&').and.to.contain('clear=true')
    expect(await host.exec(`stat -c %a /etc/runner-acme/${book}/token`)).to.equal('600')
  })

  it('is taken away by destroy, the other one stays', async () => {
    const { exit, stderr } = await stage.destroy(playbook(site()))
    expect(exit, stderr).to.equal(0)
    expect(await host.exec(`ls /etc/nginx/conf.d /etc/runner-acme /var/lib/dehydrated/certs`)).to.not.contain(shop)
    expect(await host.exec(`systemctl is-enabled runner-acme@${shop}.timer || true`)).to.not.equal('enabled')
    expect(await get(`-k https://${book}/`, book)).to.contain('second')
  })
})
