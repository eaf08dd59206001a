/** What the console of an instance says of its host keys. */
export type ConsoleKeys =
  | { readonly keys: readonly string[] }
  /** `done`: it has started up and named none; else they may still come. */
  | { readonly keys?: undefined; readonly done: boolean }

/**
 * Host keys in the form of known_hosts, from the block that cloud-init prints at the first start (cloud-init, config/cc_keys_to_console). Lines may be
 * prefixed by time or program. Of several starts the last counts.
 */
export function consoleKeys(output: string): ConsoleKeys {
  const blocks = [...output.matchAll(/-----BEGIN SSH HOST KEY KEYS-----([^]*?)-----END SSH HOST KEY KEYS-----/g)]
  const block = blocks.at(-1)?.[1]
  if (block !== undefined) {
    const keys = [
      ...block.matchAll(/((?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp\d+) +[A-Za-z0-9+/]{40,}={0,2})(?![\w+/=])/g),
    ]
    if (keys.length > 0) return { keys: keys.map((key) => (key[1] as string).replaceAll(/ +/g, ' ')) }
  }
  return { done: /Cloud-init v\. \S+ finished|\blogin: *$/m.test(output) }
}
