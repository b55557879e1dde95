import type { FastifyRequest } from 'fastify'
import { type FieldErrors, localeOf, message, Refusal } from '../kernel/index.ts'
import { readBody, refuseBody } from './body.ts'
import { coerceTexts } from './coerce.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { originOf } from './origin-of.ts'
import { parseQueryString } from './query-string.ts'
import type { Route } from './route.ts'
import { isStorable } from './storable.ts'
import { lazyValidator } from './validate.ts'

type AnyCall = Parameters<Route['handler']>[0]

const noParameters: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/**
 * Makes the reader of a route's calls: path, query and body as values that fit their schemas, or a Refusal 400
 * that names every field of the three.
 */
export function callReader(route: Route): (request: FastifyRequest) => AnyCall {
  const paramsSchema = asJsonSchema(route.params ?? noParameters)
  const querySchema = asJsonSchema(route.query ?? noParameters)
  const validateParams = lazyValidator(paramsSchema)
  const validateQuery = lazyValidator(querySchema)
  const validateBody = route.body === undefined ? undefined : lazyValidator(asJsonSchema(route.body))

  return request => {
    const refused: FieldErrors[] = []
    const params = collect(refused, () => {
      const values = coerceTexts(storableTexts(request.params as Record<string, string>), paramsSchema)
      validateParams(values)
      return values
    })
    const query = collect(refused, () => {
      const values = coerceTexts(parseQueryString((request.query as { raw: string }).raw), querySchema)
      validateQuery(values)
      return values
    })
    const body = collect(refused, () => {
      const bytes = request.body as Uint8Array | undefined
      if (validateBody === undefined) return refuseBody(bytes)
      const value = readBody(bytes)
      validateBody(value)
      return value
    })
    if (refused.length > 0) throw new Refusal('invalid_request', { errors: merge(refused) })
    return {
      principal: request.principal,
      params,
      query,
      body,
      origin: originOf(request),
      locale: localeOf(request.headers['accept-language']),
    }
  }
}

/** Runs one part of the reading; what it refuses joins what the other parts refused. */
function collect<T>(refused: FieldErrors[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'invalid_request' || error.errors === undefined)
      throw error
    refused.push(error.errors)
    return undefined
  }
}

/** INVARIANT: no assignment by name. A field called `__proto__` would vanish in one, and its refusal with it. */
const merge = (refused: readonly FieldErrors[]): FieldErrors =>
  Object.fromEntries(refused.flatMap(errors => Object.entries(errors)))

function* storableTexts(texts: Readonly<Record<string, string>>): Iterable<[string, string]> {
  for (const [name, text] of Object.entries(texts)) {
    if (!isStorable(text)) {
      throw new Refusal('invalid_request', { errors: { [name]: [message('field.character')] } })
    }
    yield [name, text]
  }
}
