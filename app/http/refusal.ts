import type { MessageKey } from './locales/en.ts'

/** Why something is not done: told to whoever asked, in his language. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly key: MessageKey

  constructor(status: number, key: MessageKey) {
    super(key)
    this.status = status
    this.key = key
  }
}

export const notFound = (): Refusal => new Refusal(404, 'error.notFound')
export const forbidden = (): Refusal => new Refusal(403, 'error.forbidden')
