/** A call as the overlay sees it: `ec2:CreateImage`, its parameters (those of the query protocol by name), its raw body. */
export interface Call {
  readonly service: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly parameters: URLSearchParams
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a rule itself wants to know of the emulated AWS: parameters of the query protocol, or a path of a REST service. */
export interface Question {
  readonly service: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly path?: string
}

/** One behaviour of AWS that the emulator lacks. A rule keeps what it must remember itself; `reset` forgets it. */
export interface Rule {
  /** What AWS does, and where that is written. */
  readonly because: string
  readonly operations: readonly string[]
  /** Answers itself, or what `next` (the other rules, then the emulator) answers, changed or not. `ask` goes through the rules, too. */
  handle(
    call: Call,
    next: (changed?: Call) => Promise<Answer>,
    ask: (question: Question) => Promise<Answer>,
  ): Promise<Answer>
  reset?(): void
}

export function xml(body: string, status = 200): Answer {
  return { status, type: 'text/xml', body }
}

/** An answer of the query protocol. */
export function result(operation: string, content: string): Answer {
  return xml(
    `<${operation}Response><${operation}Result>${content}</${operation}Result><ResponseMetadata><RequestId>lab</RequestId></ResponseMetadata></${operation}Response>`,
  )
}

/** AWS says no: EC2 words it another way than the other services of the query protocol. */
export function refusal({ service }: Call, code: string, message: string): Answer {
  return service === 'ec2'
    ? xml(
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>lab</RequestID></Response>`,
        400,
      )
    : xml(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>lab</RequestId></ErrorResponse>`,
        400,
      )
}
