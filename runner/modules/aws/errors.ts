/** Whether AWS said that something is not there: the way it says so differs by service. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && /NotFound|NoSuch|DoesNotExist|\.NotFound$|InvalidGroup\.NotFound/.test(error.name)
}

/** Whether AWS refuses to delete because something still uses the thing. */
export function isInUse(error: unknown): boolean {
  return (
    error instanceof Error &&
    /DependencyViolation|ResourceInUse|InUse|InvalidGroup\.InUse|CannotDelete/.test(error.name)
  )
}

/** The name of an AWS error, for statuses. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}
