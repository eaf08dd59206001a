import type { Request } from 'express'
import { en, type MessageKey } from './locales/en.ts'
import { es } from './locales/es.ts'

export const locales = { en, es } as const
export type Locale = keyof typeof locales

export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string

export function isLocale(text: unknown): text is Locale {
  return text === 'en' || text === 'es'
}

/** What the user has chosen, or what his browser asks for. Spanish, the original's language, for those who ask for neither. */
export function localeOf(request: Request, chosen: string | undefined): Locale {
  if (isLocale(chosen)) return chosen
  const best = request.acceptsLanguages(['es', 'en'])
  return isLocale(best) ? best : 'es'
}

export function translator(locale: Locale): Translate {
  const messages = locales[locale]
  return (key, values = {}) =>
    messages[key].replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
}
