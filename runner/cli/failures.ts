import { Failure, type Diagnostic } from '../language/diagnostic.ts'

/** A failure that brings the texts of the files along, so that code frames can be drawn. */
export class LoadFailure extends Failure {
  readonly sources: ReadonlyMap<string, string>

  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) {
    super(diagnostics)
    this.sources = sources
  }
}

/** Another run has the lock: exit code 5. */
export class Locked extends Failure {
  readonly exit = 5
}
