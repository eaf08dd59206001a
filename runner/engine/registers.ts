import { Unknown, type Value, type Values } from '../plan/unknown.ts'

/** What a task registers, from before it ran until its object is ready. */
export interface Slot {
  readonly name: string
  /** Position of the task in the program: a task sees only what stands before it. */
  readonly ordinal: number
  readonly node: string
  value: Value
  /** The task is through (or AWS accepted its object). */
  finished: boolean
  /** It failed, and nobody ignored that: what refers to it is blocked. */
  broken: boolean
  readonly done: Promise<void>
  /** Pending while outputs are missing that exist only once the object is ready. */
  ready?: Promise<void> | undefined
  /** Begins the work of a slot that is only filled when somebody asks (facts). */
  start?: (() => void) | undefined
  finish(value: Value, broken?: boolean): void
}

/** Results by host and name. What `localhost` registers (the cloud) is seen from every host. */
export class Registers {
  readonly #slots = new Map<string, Slot[]>()

  /** Announces a result before it is there, so that others can wait for it. */
  declare(host: string, name: string, ordinal: number, node: string): Slot {
    let resolve: () => void = () => undefined
    const done = new Promise<void>((settle) => (resolve = settle))
    const slot: Slot = {
      name,
      ordinal,
      node,
      value: new Unknown(`${name} is not there yet`),
      finished: false,
      broken: false,
      done,
      finish(value, broken = false) {
        slot.value = value
        slot.broken = broken
        slot.finished = true
        resolve()
      },
    }
    const slots = this.#slots.get(host)
    if (slots) slots.push(slot)
    else this.#slots.set(host, [slot])
    return slot
  }

  /** The newest result of that name that stands before `ordinal`. */
  find(host: string, name: string, ordinal: number): Slot | undefined {
    return (
      this.#newest(host, name, ordinal) ?? (host === 'localhost' ? undefined : this.#newest('localhost', name, ordinal))
    )
  }

  #newest(host: string, name: string, ordinal: number): Slot | undefined {
    let found: Slot | undefined
    for (const slot of this.#slots.get(host) ?? []) {
      if (slot.name === name && slot.ordinal < ordinal && (!found || slot.ordinal >= found.ordinal)) found = slot
    }
    return found
  }

  names(host: string, ordinal: number): readonly string[] {
    const slots = [...(this.#slots.get(host) ?? []), ...(this.#slots.get('localhost') ?? [])]
    return [...new Set(slots.filter((slot) => slot.ordinal < ordinal).map((slot) => slot.name))]
  }

  /** All that a host has registered so far, for `hostvars`. */
  finished(host: string): Values {
    const slots = (this.#slots.get(host) ?? []).filter((slot) => slot.finished)
    return Object.fromEntries(slots.map((slot) => [slot.name, slot.value]))
  }
}
