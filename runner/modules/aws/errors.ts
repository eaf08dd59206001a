/** Whether AWS said that something is not there: the way it says so differs by service. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch|DoesNotExist|InvalidAMIID\.Unavailable/.test(errorName(error))
}

/** Whether AWS refuses to make a second one: of that name there is one already, perhaps from a reply that got lost. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Error && /AlreadyExists|Duplicate/.test(errorName(error))
}

/** Whether AWS refuses to delete because something still uses the thing. */
export function isInUse(error: unknown): boolean {
  return (
    error instanceof Error &&
    /DependencyViolation|ResourceInUse|InUse|InvalidGroup\.InUse|CannotDelete|DeleteConflict/.test(errorName(error))
  )
}

/** For `.catch`: what is gone already need not be taken away. */
export function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
  return undefined
}

/** The name of an AWS error, for statuses. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}
