import { Secret } from '../../../secret.ts'

type Text = string | Secret

/** Where a repository is, and who asks for it. */
export interface Address {
  /** Without user and password: it stands on git's command lines and in the working copy's configuration. */
  readonly url: Text
  /** User and password, for a credential helper that reads them from the environment; empty where there are none. */
  readonly env: Readonly<Record<string, Secret>>
}

const web = /^(https?:\/\/)([^/@\s]*)@/

/**
 * Takes user and password out of a web address: git hands the address on to `git-remote-https` as a word, where everybody on the
 * host could read it, and keeps it in `.git/config`.
 */
export function addressOf(repo: Text): Address {
  const bare = (text: string): string => text.replace(web, '$1')
  const given = repo instanceof Secret ? repo : new Secret(repo)
  if (repo === given || web.test(repo as string))
    return {
      url: repo instanceof Secret ? repo.map(bare) : bare(repo),
      env: {
        RUNNER_GIT_USER: given.map((text) => decoded(/^[^:]*/.exec(web.exec(text)?.[2] ?? '')?.[0] ?? '')),
        RUNNER_GIT_PASSWORD: given.map((text) => decoded((web.exec(text)?.[2] ?? '').replace(/^[^:]*:?/, ''))),
      },
    }
  return { url: repo, env: {} }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
