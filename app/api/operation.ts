import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { SignedIn, Visit } from '../http/visit.ts'

/** One operation of the API: what is said about it and what it does, in one place, so that the document cannot be wrong. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it: `/books/{id}`. */
  readonly path: string
  readonly id: string
  readonly tag: 'books' | 'orders' | 'account' | 'delivery'
  readonly summary: string
  /** Who may: anybody, somebody with a token, administrators. */
  readonly access: 'anybody' | 'user' | 'administrator'
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** What is sent instead of JSON. */
  readonly bodyType?: readonly string[]
  /** Takes an Idempotency-Key header: repeated with the same, it is done once. */
  readonly once?: true
  readonly answer: { readonly status: 200 | 201 | 204; readonly schema?: z.ZodType }
  /** What else may be answered, beyond what its access and its body bring along. */
  readonly refusals?: readonly (403 | 404 | 409 | 413 | 422)[]
  readonly handle: (call: Call) => Promise<unknown>
}

export interface Call {
  readonly request: Request
  readonly response: Response
  readonly visit: Visit
  /** Who calls; only where the operation is not for anybody. */
  readonly user: SignedIn
  readonly id: number
  /** Checked by the operation’s schema. */
  readonly query: never
  readonly body: never
  readonly key: string | undefined
}

/** Gives the handler the types of its schemas. */
export function operation<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType>(
  definition: Omit<Operation, 'handle' | 'query' | 'body'> & {
    readonly query?: Query
    readonly body?: Body
    readonly handle: (
      call: Omit<Call, 'query' | 'body'> & { query: z.output<Query>; body: z.output<Body> },
    ) => Promise<unknown>
  },
): Operation {
  return definition as unknown as Operation
}
