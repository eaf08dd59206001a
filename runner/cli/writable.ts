import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { failure, type Failure } from '../language/diagnostic.ts'
import { reasonOf } from '../render/file-errors.ts'

/** Says that something cannot be written, why, and what mends it. */
export function unwritable(what: string, file: string, cause: unknown, hint?: string): Failure {
  return failure('E914', `${what} cannot be written to ${file}: ${reasonOf(cause)}`, { hint, cause })
}

/** Looks before the work begins whether its result can be written; nothing is made by that. */
export function checkWritable(what: string, file: string | undefined): void {
  if (file === undefined) return
  try {
    if (existsSync(file) && statSync(file).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    accessSync(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK)
  } catch (cause) {
    throw unwritable(what, file, cause)
  }
}
