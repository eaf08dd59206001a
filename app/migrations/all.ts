import { First } from './first.ts'

/** In the order they were made; a name that is on a database is never renamed or removed. */
export const migrations = [{ name: '2026-11-25-first', class: First }]
