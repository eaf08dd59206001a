/**
 * Whether an error is one of AWS's faults, by its code. The clients of some services name the class after the code with
 * `Exception` behind it, of others with `Fault`, of others just so.
 */
export function isFault(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false
  return codes.some((code) => [code, `${code}Exception`, `${code}Fault`].includes(error.name))
}

/** The tags of a task as the list that most services want. */
export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
