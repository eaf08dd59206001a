import type { Clients } from './aws-clients.ts'

/** What is done and asked; what AWS answers by its API references: the code of a refusal, or what of the reply is of interest; what ministack does if it is known to be another. */
export type Question = readonly [
  what: string,
  ask: (aws: Clients) => Promise<unknown>,
  aws: unknown,
  ministack?: unknown,
]
