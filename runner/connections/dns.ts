import { Resolver } from 'node:dns/promises'
import { failure } from '../language/diagnostic.ts'

/** The first record of that kind; undefined where there is none. A name server that says nothing is no answer, and fails. */
export async function firstRecord(
  name: string,
  kind: 'A' | 'AAAA' | 'TXT',
  server: string | undefined,
): Promise<string | undefined> {
  const resolver = new Resolver({ timeout: 3000, tries: 3 })
  if (server !== undefined) resolver.setServers([server])
  try {
    if (kind === 'TXT') return (await resolver.resolveTxt(name))[0]?.join('')
    return (kind === 'A' ? await resolver.resolve4(name) : await resolver.resolve6(name))[0]
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA' || code === 'ENOTFOUND') return undefined
    throw failure('E794', `DNS does not say what ${name} has (${code ?? 'no answer'})`, {
      hint: 'is there a way to the Internet? `resolver: 9.9.9.9` asks another name server',
    })
  }
}
