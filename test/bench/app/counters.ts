import { readFileSync } from 'node:fs'
import type { Mysql } from '../../lab/databases/mysql.ts'

/** What a server itself says it has done so far. */
export interface Done {
  /** Statements that read books. */
  readonly reads: number
  /** All statements of the application's connections. */
  readonly statements: number
  /** Processor time, in milliseconds. */
  readonly processor: number
}

export async function doneBy(server: Mysql): Promise<Done> {
  const [row] = await server.query(
    `select cast(coalesce(sum(if(digest_text like 'SELECT %FROM \`book\` %', count_star, 0)), 0) as signed) as books,
       cast(coalesce(sum(count_star), 0) as signed) as total
     from performance_schema.events_statements_summary_by_digest where schema_name = 'bookstore'`,
  )
  // proc(5): the name, in brackets, may have blanks; 14 and 15 are user and system time in ticks, of which Linux has 100 a second
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return {
    reads: Number(row?.['books']),
    statements: Number(row?.['total']),
    processor: (Number(fields[11]) + Number(fields[12])) * 10,
  }
}

export function since(before: Done, after: Done): Done {
  return {
    reads: after.reads - before.reads,
    statements: after.statements - before.statements,
    processor: after.processor - before.processor,
  }
}
