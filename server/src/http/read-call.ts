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
type ReadPart = (request: FastifyRequest) => unknown

const noParameters: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/** What a part holds that a route does not ask for and a request did not bring. */
const nothing = Object.freeze({})

/**
 * Makes the reader of a route's calls: path, query and body as values that fit their schemas, or a Refusal 400
 * that names every field of the three.
 */
export function callReader(route: Route): (request: FastifyRequest) => AnyCall {
  const readParams = route.params === undefined ? () => nothing : paramsReader(asJsonSchema(route.params))
  const readQuery = queryReader(route.query)
  const readContent = bodyReader(route.body)

  return request => {
    const refused: FieldErrors[] = []
    const params = collect(refused, readParams, request)
    const query = collect(refused, readQuery, request)
    const body = collect(refused, readContent, request)
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

function paramsReader(schema: JsonSchema): ReadPart {
  const validate = lazyValidator(schema)
  return request => {
    const values = coerceTexts(storableTexts(request.params as Record<string, string>), schema)
    validate(values)
    return values
  }
}

function queryReader(asked: object | undefined): ReadPart {
  const schema = asked === undefined ? noParameters : asJsonSchema(asked)
  const validate = lazyValidator(schema)
  return request => {
    const { raw } = request.query as { raw: string }
    if (raw === '' && asked === undefined) return nothing
    const values = coerceTexts(parseQueryString(raw), schema)
    validate(values)
    return values
  }
}

function bodyReader(asked: object | undefined): ReadPart {
  const validate = asked === undefined ? undefined : lazyValidator(asJsonSchema(asked))
  return request => {
    const bytes = request.body as Uint8Array | undefined
    if (validate === undefined) return refuseBody(bytes)
    const value = readBody(bytes)
    validate(value)
    return value
  }
}

/** Reads one part; what it refuses joins what the other parts refused. */
function collect(refused: FieldErrors[], read: ReadPart, request: FastifyRequest): unknown {
  try {
    return read(request)
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
