import { Resolver } from 'node:dns/promises'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import { hostName, type Records, type Want } from './diff.ts'

/** What DNS says of the domain; undefined when it has none of the wanted records. */
export async function read(want: Want, cloud: Cloud): Promise<Records | undefined> {
  const name = hostName(want.domain)
  return await cloud.once(`duckdns:${name}`, async () => {
    const resolver = new Resolver({ timeout: 3000, tries: 3 })
    if (typeof want.resolver === 'string') resolver.setServers([want.resolver])
    const [ipv4, ipv6, txt] = await Promise.all([
      want.ipv4 === undefined ? undefined : first(resolver.resolve4(name)),
      want.ipv6 === undefined ? undefined : first(resolver.resolve6(name)),
      want.txt === undefined
        ? undefined
        : first(resolver.resolveTxt(name).then((all) => all.map((one) => one.join('')))),
    ])
    if (ipv4 === undefined && ipv6 === undefined && txt === undefined) return undefined
    return { id: name, name, ipv4, ipv6, txt }
  })
}

/** The first answer. No such name or record is an answer, too; a name server that says nothing is not. */
async function first(asked: Promise<readonly string[]>): Promise<string | undefined> {
  try {
    // DuckDNS answers an empty text where there is none
    return (await asked)[0] || undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA' || code === 'ENOTFOUND') return undefined
    throw failure('E773', `DNS does not say what the domain has (${code ?? 'no answer'})`, {
      hint: 'is there a way to the Internet? `resolver: 9.9.9.9` asks another name server',
    })
  }
}
