import type { Courses, Kind } from './course.ts'
import type { Answer, Call, Question, Rule } from './rule.ts'

/** Lists in answers, as texts of their items. */
export interface Listing {
  items(body: string): readonly string[]
  /** Each item as it is to be (undefined: not shown), and more behind them. */
  changed(body: string, to: (item: string) => string | undefined, more: readonly string[]): string
}

/** From the call that makes a thing to the end of what is left of it. */
export interface Life {
  readonly kind: Kind
  readonly because: string
  readonly create: string
  /** What was made, from the call and its answer. */
  made(call: Call, answer: Answer): readonly string[]
  readonly describe: readonly string[]
  readonly listing: Listing
  idOf(item: string): string | undefined
  /** States on the way, each with its share of the time. */
  readonly stages: readonly (readonly [state: string, share: number])[]
  /** The item in another state than the emulator says. */
  inState(item: string, state: string, reason?: string): string
  /** Whether the call's own filter takes it in that state; absent: always. */
  asked?(call: Call, state: string): boolean
  readonly remove?: {
    readonly operation: string
    removed(call: Call): readonly string[]
    readonly state: string
    question(id: string): Question
    /** An answer with these items where the emulator says that there are none. */
    answer(items: readonly string[]): Answer
    /** Whether the call asks for this one by name. */
    asked(call: Call, item: string): boolean
  }
}

/** Shows things of a kind in the states that AWS shows them in, for as long as the courses say. */
export function lives(life: Life, courses: Courses): Rule {
  const born = new Map<string, number>()
  const going = new Map<string, { readonly item: string; readonly since: number }>()
  const { remove } = life
  const state = (id: string): string | undefined => {
    const since = born.get(id)
    if (since === undefined) return undefined
    const { ms = 0, ends } = courses.of(life.kind)
    let passed = courses.now() - since
    for (const [name, share] of life.stages) {
      if (passed < share * ms) return name
      passed -= share * ms
    }
    return ends
  }
  const still = (): readonly string[] => {
    const { goingMs = 0 } = courses.of(life.kind)
    for (const [id, { since }] of going) if (courses.now() >= since + goingMs) going.delete(id)
    return [...going.values()].map(({ item }) => item)
  }
  return {
    because: life.because,
    operations: [life.create, ...life.describe, ...(remove ? [remove.operation] : [])],
    handle: async (call, next, ask) => {
      const name = `${call.service}:${call.operation}`
      if (name === remove?.operation) {
        const { goingMs = 0 } = courses.of(life.kind)
        const gone: [string, string][] = []
        if (goingMs > 0)
          for (const id of remove.removed(call)) {
            const { body } = await ask(remove.question(id))
            const item = life.listing.items(body).find((one) => life.idOf(one) === id)
            if (item !== undefined) gone.push([id, life.inState(item, remove.state)])
          }
        const answer = await next()
        if (answer.status < 300)
          for (const [id, item] of gone) {
            born.delete(id)
            going.set(id, { item, since: courses.now() })
          }
        return answer
      }
      const answer = await next()
      if (name === life.create) {
        if (answer.status < 300) for (const id of life.made(call, answer)) born.set(id, courses.now())
        return answer
      }
      const left = still()
      if (answer.status >= 300) {
        const asked = left.filter((item) => remove?.asked(call, item))
        return remove && asked.length > 0 ? remove.answer(asked) : answer
      }
      const all = life.listing.items(answer.body).map(life.idOf)
      const more = left.filter((item) => !all.includes(life.idOf(item)) && remove?.asked(call, item) !== false)
      const to = (item: string): string | undefined => {
        const now = state(life.idOf(item) ?? '')
        if (now !== undefined && life.asked?.(call, now) === false) return undefined
        return now === undefined ? item : life.inState(item, now, courses.of(life.kind).reason)
      }
      return { ...answer, body: life.listing.changed(answer.body, to, more) }
    },
    reset: () => {
      born.clear()
      going.clear()
    },
  }
}
