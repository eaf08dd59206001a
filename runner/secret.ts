/** A text that cannot be printed: every way of turning it into text gives `[secret]`, except {@link Secret.reveal}. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Only connections and `apply.ts` of cloud modules call this, right where it leaves the process. */
  reveal(): string {
    return this.#text
  }

  /** A secret made of this one: what is derived stays tainted. */
  map(change: (text: string) => string): Secret {
    return new Secret(change(this.#text))
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** Where a secret comes from, as written behind `!secret`: `env:NAME`, `ssm:/path`, … It is resolved before a plan is made. */
export class SecretSource {
  readonly scheme: 'env' | 'file' | 'ssm' | 'secretsmanager' | 'sops'
  readonly name: string

  constructor(scheme: SecretSource['scheme'], name: string) {
    this.scheme = scheme
    this.name = name
  }

  toString(): string {
    return `${this.scheme}:${this.name}`
  }

  toJSON(): string {
    return '[secret]'
  }
}
