import {
  type FieldErrors,
  type Locale,
  localeOf,
  message,
  type Origin,
  type Principal,
  Refusal,
} from '../kernel/index.ts'
import { readBody, refuseBody } from './body.ts'
import { coerceTexts } from './coerce.ts'
import { type CookieJar, cookieJar } from './cookie-jar.ts'
import type { Exchange } from './exchange.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { parseQueryString } from './query-string.ts'
import type { Route } from './route.ts'
import { isStorable } from './storable.ts'
import { lazyValidator } from './validate.ts'

type AnyCall = Parameters<Route['handler']>[0]
type ReadPart = (exchange: Exchange) => unknown

const noParameters: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/** What a part holds that a route does not ask for and a request did not bring. */
const nothing = Object.freeze({})

/**
 * Makes the reader of a route's calls: path, query and body as values that fit their schemas, or a Refusal 400
 * that names every field of the three.
 */
export function callReader(route: Route): (exchange: Exchange) => AnyCall {
  const readParams = route.params === undefined ? () => nothing : paramsReader(asJsonSchema(route.params))
  const readQuery = queryReader(route.query)
  const readContent = bodyReader(route.body)

  return exchange => {
    const refused: FieldErrors[] = []
    const params = collect(refused, readParams, exchange)
    const query = collect(refused, readQuery, exchange)
    const body = collect(refused, readContent, exchange)
    if (refused.length > 0) throw new Refusal('invalid_request', { errors: merge(refused) })
    const jar = route.access === 'browser' ? cookieJar(exchange) : undefined
    return new ReadCall(exchange, jar, params, query, body) as AnyCall
  }
}

/** What few handlers ask for is made when it is asked for. A class: getters of its own on each call would cost more. */
class ReadCall {
  readonly principal: Principal | undefined
  readonly jar: CookieJar | undefined
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly #exchange: Exchange

  constructor(
    exchange: Exchange,
    jar: CookieJar | undefined,
    params: unknown,
    query: unknown,
    body: unknown,
  ) {
    this.#exchange = exchange
    this.principal = exchange.principal
    this.jar = jar
    this.params = params
    this.query = query
    this.body = body
  }

  get origin(): Origin {
    return this.#exchange.origin
  }

  get locale(): Locale {
    return localeOf(this.#exchange.request.headers['accept-language'])
  }
}

function paramsReader(schema: JsonSchema): ReadPart {
  const validate = lazyValidator(schema)
  return ({ params }) => {
    const values = coerceTexts(storableTexts(params), schema)
    validate(values)
    return values
  }
}

function queryReader(asked: object | undefined): ReadPart {
  const schema = asked === undefined ? noParameters : asJsonSchema(asked)
  const validate = lazyValidator(schema)
  return ({ query }) => {
    if (query === '' && asked === undefined) return nothing
    const values = coerceTexts(parseQueryString(query), schema)
    validate(values)
    return values
  }
}

function bodyReader(asked: object | undefined): ReadPart {
  const validate = asked === undefined ? undefined : lazyValidator(asJsonSchema(asked))
  return ({ body }) => {
    if (validate === undefined) return refuseBody(body)
    const value = readBody(body)
    validate(value)
    return value
  }
}

/** Reads one part; what it refuses joins what the other parts refused. */
function collect(refused: FieldErrors[], read: ReadPart, exchange: Exchange): unknown {
  try {
    return read(exchange)
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
