/** A call as the overlay sees it: `ec2:CreateImage`, its parameters (those of the query protocol by name), its raw body. */
export interface Call {
  readonly service: string
  /** The service as the signature names it: `elasticloadbalancing`. */
  readonly signingName: string
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

/** An answer of the JSON protocols. */
export function json(body: object, status = 200, errorType?: string): Answer {
  return {
    status,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify(body),
    ...(errorType !== undefined && { headers: { 'x-amzn-errortype': errorType } }),
  }
}

/** AWS says no, in the protocol of the call: EC2 words it another way than the other services of the query protocol. */
export function refusal({ service, headers }: Call, code: string, message: string, status = 400): Answer {
  if (service === 'ec2')
    return xml(
      `<Response><Errors><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error></Errors><RequestID>lab</RequestID></Response>`,
      status,
    )
  if (headers['x-amz-target'] !== undefined || service === 'efs')
    return json({ __type: code, ErrorCode: code, message, Message: message }, status, code)
  return xml(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>lab</RequestId></ErrorResponse>`,
    status,
  )
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
