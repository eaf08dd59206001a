import { pino, type Logger } from 'pino'
import type { Config } from '../config.ts'

export type Log = Logger

/** One JSON object a line on stdout, each with the instance it is from. What people typed is never in it. */
export function makeLog(config: Pick<Config, 'logLevel' | 'instance'>): Log {
  return pino({
    level: config.logLevel,
    base: { instance: config.instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  })
}
