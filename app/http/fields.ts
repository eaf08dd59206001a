import { z } from 'zod'
import { cents } from '../orm/money.ts'
import type { MessageKey } from './locales/en.ts'

// control characters: none of them belongs into a name or a title, and some cannot be shown or stored
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** One line of text, trimmed; the messages are keys of the translations. */
export function line(most: number) {
  return z
    .string('invalid.required')
    .trim()
    .min(1, 'invalid.required')
    .max(most, 'invalid.long')
    .regex(/^[^\r\n]*$/, 'invalid.text')
    .refine(storable, 'invalid.text')
}

/** Text of several lines; nothing at all is allowed. */
export function text(most: number) {
  return z.string('invalid.text').trim().max(most, 'invalid.long').refine(storable, 'invalid.text')
}

/** A lone half of a surrogate pair cannot be stored as UTF-8. */
function storable(value: string): boolean {
  return !control.test(value) && value.isWellFormed()
}

/** "12.50" or 12.5 → cents */
export const money = z
  .union([z.string(), z.number()], 'invalid.required')
  .transform((value) => String(value).trim())
  .pipe(
    z
      .string()
      .min(1, 'invalid.required')
      .regex(/^\d{1,7}(\.\d{1,2})?$/, 'invalid.money'),
  )
  .transform(cents)
  .meta({ description: 'From 0 to 9999999.99, with at most two decimals.', examples: ['12.50'] })

/** A whole number in its usual notation, from a form or from JSON. */
export function whole(least: number, most: number) {
  const message = `invalid.whole ${least} ${most}`
  return z
    .union([z.string(), z.number()], 'invalid.required')
    .transform((value) => String(value).trim())
    .pipe(
      z
        .string()
        .min(1, 'invalid.required')
        .regex(/^-?\d{1,9}$/, message),
    )
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message))
    .meta({ description: `A whole number from ${least} to ${most}.`, examples: [least] })
}

export type FieldErrors = Readonly<
  Record<string, { readonly key: MessageKey; readonly values: Record<string, string> }>
>

/** The first fault of each field, as a key of the translations with its values. */
export function faultsOf(error: z.ZodError): FieldErrors {
  const found: Record<string, FieldErrors[string]> = {}
  for (const issue of error.issues) {
    const [key = '', least = '', most = ''] = issue.message.split(' ')
    const known = key.startsWith('invalid.') ? (key as MessageKey) : 'invalid.choice'
    found[String(issue.path[0] ?? '')] ??= { key: known, values: { least, most } }
  }
  return found
}
