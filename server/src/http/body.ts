import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField, message, Rejection } from '../kernel/index.ts'
import type { Standard } from './route.ts'
import { parseStrictJson } from './strict-json.ts'
import { parsePairs } from './target.ts'

/** «A body is at most 64 KB.» */
export const bodyLimitBytes = 65_536

/**
 * RFC 8259 section 11 gives JSON no parameters; `charset=utf-8` is commonly sent and says nothing new. The header is
 * compared as a whole, so there is no second reader that could take it otherwise.
 */
const jsonMediaType = /^application\/json *(?:; *charset=(?:utf-8|"utf-8") *)?$/i

/** Whether the request brings a body, as its framing says (RFC 9112 section 6.3). */
export const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/** Rejects with 415, before it is read, a body that is not plain JSON; and a missing one where `required`. */
export function requireJson(headers: IncomingHttpHeaders, required = false): void {
  if (!hasBody(headers) && !required) return
  const coding = headers['content-encoding']
  const isPlain = coding === undefined || coding.toLowerCase() === 'identity'
  if (!isPlain || !jsonMediaType.test(headers['content-type'] ?? '')) {
    throw new Rejection('unsupported_media_type')
  }
}

const formMediaType = /^application\/x-www-form-urlencoded *(?:; *charset=(?:utf-8|"utf-8") *)?$/i

/** The same for a route of a standard: there a body of another media type is a 400, and names what was wanted. */
export function requireBodyOf({ body }: Standard, headers: IncomingHttpHeaders): void {
  if (!hasBody(headers)) return
  const pattern = body === 'form' ? formMediaType : jsonMediaType
  const wanted = body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  if (headers['content-encoding'] !== undefined || !pattern.test(headers['content-type'] ?? '')) {
    throw invalidField('content-type', message('body.media_type', { wanted }))
  }
}

/** The `validationContext` of an error of the parser, beside those that Fastify gives to the parts it validates. */
export const bodyParser = 'body parser'

/** Makes strict JSON the only kind of body that is read. */
export function takeStrictJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, bytes.length === 0 ? undefined : parseStrictJson(bytes as Buffer))
    } catch (error) {
      done(Object.assign(error as Error, { validationContext: bodyParser }))
    }
  })
}

/** Makes forms the only kind of body that is read, as RFC 6749 section 3.2 has them: no parameter twice, an empty one is none. */
export function takeFormsOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, bytes, done) => {
      try {
        done(null, parseForm(bytes as Buffer))
      } catch (error) {
        done(Object.assign(error as Error, { validationContext: bodyParser }))
      }
    },
  )
}

function parseForm(bytes: Buffer): object {
  if (!isUtf8(bytes)) throw invalidField('body', message('query.malformed'))
  const pairs = parsePairs(bytes.toString(), 'body')
  return Object.assign(
    Object.create(null),
    Object.fromEntries([...pairs].filter(([, value]) => value !== '')),
  )
}

/** No body at all is validated as `{}`, so that the missing fields are named one by one. */
export function missingBodyAsEmpty(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.body === undefined) request.body = {}
  done()
}

/** The schema of a route without a body: none is fine, and so is the `{}` that many clients send with every POST. */
export const noBody = Object.freeze({ type: 'object', maxProperties: 0 })

/** Throws a 400 unless there is no body, or `{}`. */
export function requireEmpty(value: unknown): undefined {
  const isEmpty =
    value === undefined ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0)
  if (!isEmpty) throw invalidField('body', message('body.unexpected'))
  return undefined
}

/** Nearly every body is shorter, and never has to wait for others. */
const freeBytes = 1_024

/** What all bodies that are being read may take beyond that, together: some 130 of the longest. */
const sharedBytes = 8 * 1_024 * 1_024

/**
 * A hook that bounds the memory of bodies that are sent slowly: ten thousand connections, each a byte short of the longest
 * body, would hold 650 MB for as long as a request may take. Rejects with `too_many_requests` beyond that.
 */
export function bodyCapacity(): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  let takenBytes = 0
  return (request, reply, done) => {
    const bytes = longestBody(request) - freeBytes
    if (bytes > 0) {
      if (takenBytes + bytes > sharedBytes) {
        reply.header('connection', 'close')
        throw new Rejection('too_many_requests', { retryAfterSeconds: 1 })
      }
      takenBytes += bytes
      // Comes once, when the response is out or the connection is gone.
      reply.raw.once('close', () => {
        takenBytes -= bytes
      })
    }
    done()
  }
}

/** Without a length it may be as long as any body. One whose length is beyond that is refused before it is read. */
function longestBody({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimitBytes
  const bytes = Number(headers['content-length'] ?? 0)
  return bytes > bodyLimitBytes ? 0 : bytes
}
