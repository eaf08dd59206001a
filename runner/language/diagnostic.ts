/** A place in a text; line and column count from 1, columns in UTF-16 units as editors do. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Range {
  /** As the user named it: relative to the working directory where possible. */
  readonly file: string
  readonly start: Position
  readonly end: Position
}

/** What is wrong, where, and what to do about it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly code: `E${number}` | `W${number}`
  readonly message: string
  readonly at?: Range
  /** Path in the task's arguments, of what a module says that it knows no ranges: `at` is made of it. */
  readonly of?: readonly (string | number)[]
  readonly hint?: string
}

/** Carries diagnostics out of deep code; caught at the task or at the command line, never shown as a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('; '), options)
    this.diagnostics = diagnostics
  }
}

/** Shorthand for the usual case of one error. */
export function failure(
  code: `E${number}`,
  message: string,
  more: { at?: Range | undefined; hint?: string | undefined; cause?: unknown } = {},
): Failure {
  const { at, hint, cause } = more
  return new Failure(
    [{ severity: 'error', code, message, ...(at && { at }), ...(hint !== undefined && { hint }) }],
    cause === undefined ? undefined : { cause },
  )
}
