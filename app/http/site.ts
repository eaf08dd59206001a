import type { Request, Response } from 'express'
import type { Config } from '../config.ts'
import type { Database } from '../orm/database.ts'
import type { Limit } from './limits.ts'
import type { Log } from './log.ts'

/** What the routes of every part of the site are made with. */
export interface Site {
  readonly config: Config
  readonly database: Database
  readonly limit: Limit
  readonly log: Log
  /** Throws unless the form that was sent is one of ours. */
  readonly checkToken: (request: Request, response: Response) => Promise<void>
}
