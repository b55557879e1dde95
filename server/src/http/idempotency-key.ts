import type { FastifyRequest } from 'fastify'
import { invalidField, message } from '../kernel/index.ts'
import { countHeader } from './authorize.ts'

/**
 * By which a client proves that a request is the same as an earlier one, sent again (draft-ietf-httpapi-idempotency-key-header).
 * Its bytes are compared as they are written, quotes included.
 */
export const idempotencyKeyHeader = 'Idempotency-Key'

const headerName = 'idempotency-key'

/** Too long to be guessed, if it is random at all; short enough for a log of a proxy. */
export const idempotencyKeyLengths = { minLength: 16, maxLength: 128 } as const

const { minLength, maxLength } = idempotencyKeyLengths
const keyForm = new RegExp(`^[\\x20-\\x7e]{${minLength},${maxLength}}$`)

/** Rejects with 400 a key that cannot be taken: one that is ignored would be a retry that ends the session. */
export function requireIdempotencyKeyForm({ headers, raw: { rawHeaders } }: FastifyRequest): void {
  const presented = headers[headerName]
  if (presented === undefined) return
  if (countHeader(rawHeaders, headerName) !== 1 || !keyForm.test(String(presented))) {
    throw invalidField(headerName, message('idempotency_key.malformed'))
  }
}

/** The key of a request that has passed `requireIdempotencyKeyForm`. */
export const idempotencyKeyOf = ({ headers }: FastifyRequest): string | undefined =>
  headers[headerName]?.toString()
