import { migrations } from '../migrations/all.ts'

/** The server answers, but has not (yet) all tables that this version of the application asks for. */
export class NotMigrated extends Error {
  readonly code = 'NOT_MIGRATED'

  constructor() {
    super('the tables of this version are not all there yet')
  }
}

/**
 * How many of this version's migrations a server has. The row of a migration is written behind its last statement, and readers commit
 * in the writer's order, so whoever has the row has the tables too. A later version's migrations may be there as well.
 */
export const countMigrations = `select count(*) as migrations from mikro_orm_migrations where name in (${migrations.map(({ name }) => `'${name}'`).join(', ')})`

/** Throws when the answer to `countMigrations` is too small. */
export function expectMigrated(answer: { readonly migrations: number | string } | undefined): void {
  if (!(Number(answer?.migrations) >= migrations.length)) throw new NotMigrated()
}
