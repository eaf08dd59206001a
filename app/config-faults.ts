import { readFileSync } from 'node:fs'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads single variables and collects what is wrong with them. */
export class Faults {
  readonly #env: Environment
  readonly #found: string[] = []

  constructor(env: Environment) {
    this.#env = env
  }

  fault(message: string): void {
    this.#found.push(message)
  }

  text(name: string, otherwise = ''): string {
    const value = this.#env[name]?.trim()
    return value === undefined || value === '' ? otherwise : value
  }

  list(name: string): readonly string[] {
    return this.text(name)
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
  }

  whole(name: string, otherwise: number, least: number, most: number): number {
    const text = this.text(name, String(otherwise))
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    this.fault(`${name} is ${text}: a whole number from ${least} to ${most}`)
    return otherwise
  }

  choice<const T extends string>(name: string, among: readonly T[], otherwise: T): T {
    const text = this.text(name, otherwise)
    const found = among.find((each) => each === text)
    if (found !== undefined) return found
    this.fault(`${name} is ${text}: ${among.join(', ')}`)
    return otherwise
  }

  /** What a file of certificates has. */
  certificates(name: string, path: string): string {
    try {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('-----BEGIN CERTIFICATE-----')) this.fault(`${name}: ${path} has no certificate (PEM)`)
      return text
    } catch (error) {
      this.fault(`${name}: ${(error as Error).message}`)
      return ''
    }
  }

  /** `host` or `host:port`. */
  address(name: string, text: string, port: number): { readonly host: string; readonly port: number } {
    const match = /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(text)
    if (match === null) {
      this.fault(`${name} is ${text}: a host name or address, with :port where it differs`)
      return { host: text, port }
    }
    return {
      host: (match[1] as string).replace(/^\[|\]$/g, ''),
      port: match[2] === undefined ? port : Number(match[2]),
    }
  }

  /** Throws one error with all of them. */
  done(): void {
    if (this.#found.length === 0) return
    throw new Error(`the environment is wrong:\n${this.#found.map((fault) => `  ${fault}`).join('\n')}`)
  }
}
