/** A call as the overlay sees it: `ec2:CreateImage`, its parameters (those of the query protocol by name), its raw body. */
export interface Call {
  readonly service: string
  readonly operation: string
  readonly parameters: URLSearchParams
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** One behaviour of AWS that the emulator lacks. A rule keeps what it must remember itself; `reset` forgets it. */
export interface Rule {
  /** What AWS does, and where that is written. */
  readonly because: string
  readonly operations: readonly string[]
  /** Answers instead of the emulator. */
  answer?(call: Call): Answer | undefined
  /** Changes what the emulator is asked. */
  ask?(call: Call): string
  /** Changes what the emulator answered. */
  amend?(call: Call, answer: Answer): Answer
  reset?(): void
}

export function xml(body: string, status = 200): Answer {
  return { status, type: 'text/xml', body }
}
