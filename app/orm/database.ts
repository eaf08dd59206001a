import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Pin } from './position.ts'

export type EntityManager = SqlEntityManager

export interface ServerState {
  readonly name: string
  readonly state: 'up' | 'down' | 'lagging' | 'unknown'
  readonly lag: number | undefined
  readonly statements: number
  readonly connections: number
}

/** What the rest of the application sees of the database: reading, writing, and how it is. */
export interface Database {
  readonly kind: 'mysql' | 'embedded'
  /**
   * Reads. Goes to a reader, or, for a user who has just written (`pin`), to one that has caught up, or to the writer.
   * The work may be done more than once.
   */
  read<T>(pin: Pin | undefined, work: (em: EntityManager) => Promise<T>): Promise<T>
  /** Reads from the writer: what must not be a second old, such as the session of somebody who is about to write. */
  readFresh<T>(work: (em: EntityManager) => Promise<T>): Promise<T>
  /**
   * Does the work in one transaction on the writer, again from the start when the server was lost or a deadlock undid it. `repeatable`:
   * done twice it changes nothing, so it may be repeated though the connection broke while it was being committed. `unseen`: nobody
   * will look for it, so where the writer is afterwards is not asked.
   */
  write<T>(
    work: (em: EntityManager) => Promise<T>,
    options?: { repeatable?: boolean; unseen?: boolean },
  ): Promise<{ value: T; pin?: Pin }>
  /** Whether the writer answers and its tables are there; throws what is wrong. */
  check(): Promise<void>
  writer(): ServerState
  readers(): readonly ServerState[]
  close(): Promise<void>
}
