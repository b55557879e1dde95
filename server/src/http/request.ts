import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClientInfo, Principal } from '../kernel/index.ts'
import type { ProblemCode } from './problem.ts'
import type { Route } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The record of a route of the API, for its documents. */
    record?: Route
    /** Whether this is an older spelling of the record's path. */
    isDeprecated?: boolean
  }
  interface FastifyRequest {
    /** Who is asking, once the token has been accepted; undefined on public routes. */
    principal: Principal | undefined
    /** The client's address, read when the request began. */
    clientAddress: string
    /** Why the request was answered with a problem, for the log. */
    problem: { readonly code: ProblemCode; readonly reason: string | undefined } | undefined
  }
}

/** Declares what `FastifyRequest` is given above, so that every request has one shape. */
export function decorateRequests(app: FastifyInstance): void {
  app.decorateRequest('principal', undefined)
  app.decorateRequest('problem', undefined)
  app.decorateRequest('clientAddress', '')
}

/** As much of a User-Agent as helps a person to recognise a device. */
const maxUserAgentLength = 500

/** Header values reach us as Latin-1; control characters in one would only ever be meant for a log or a screen. */
const withoutControls = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '')

/** Where the request comes from. */
export const originOf = ({ clientAddress, headers }: FastifyRequest): ClientInfo => ({
  ipAddress: clientAddress,
  userAgent: withoutControls(headers['user-agent'] ?? '').slice(0, maxUserAgentLength),
})

/** Adds a request header to those that the response depends on (RFC 9110 section 12.5.5). */
export function addVary(reply: FastifyReply, field: string): void {
  const present = reply.getHeader('vary')
  reply.header('vary', present === undefined ? field : `${String(present)}, ${field}`)
}
