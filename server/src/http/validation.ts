import type { FastifyRequest, FastifySchemaCompiler } from 'fastify'
import { type FieldErrors, message, Rejection } from '../kernel/index.ts'
import { bodyParser, noBody, requireEmpty } from './body.ts'
import { coerceTexts } from './coerce.ts'
import type { JsonSchema } from './json-schema.ts'
import { parseQueryString } from './query-string.ts'
import type { BodyRules } from './route.ts'
import { isStorable } from './storable.ts'
import { lazyValidator } from './validate.ts'

/** What Fastify's query string parser keeps: nothing can be rejected before the route is known. */
export interface RawQuery {
  readonly raw: string
}

type Read = (value: unknown) => unknown

/** Validates a part of a request. Gives the value that the handler sees, or the 400 that names each faulty field. */
export const validatorCompiler: FastifySchemaCompiler<JsonSchema> = ({ schema, httpPart }) => {
  const read = readerOf(schema, httpPart)
  // Fastify takes a thrown error for a fault of the validator, so the rejection is returned.
  return (value: unknown) => {
    try {
      return { value: read(value) }
    } catch (error) {
      return { error: error as Error }
    }
  }
}

function readerOf(schema: JsonSchema, part: string | undefined): Read {
  if (schema === noBody) return requireEmpty
  const validate = lazyValidator(schema)
  const validated = <T>(value: T): T => {
    validate(value)
    return value
  }
  switch (part) {
    case 'params':
      return value => validated(coerceTexts(storableTexts(value as Record<string, string>), schema))
    case 'querystring': {
      const takesNothing = Object.keys(schema.properties ?? {}).length === 0
      return value => {
        const { raw } = value as RawQuery
        return raw === '' && takesNothing ? {} : validated(coerceTexts(parseQueryString(raw), schema))
      }
    }
    default:
      return validated
  }
}

function* storableTexts(texts: Readonly<Record<string, string>>): Iterable<[string, string]> {
  for (const [name, text] of Object.entries(texts)) {
    if (!isStorable(text)) {
      throw new Rejection('invalid_request', { errors: { [name]: [message('field.character')] } })
    }
    yield [name, text]
  }
}

/** In the order in which Fastify validates them. */
const parts = ['params', 'body', 'querystring'] as const
type Part = (typeof parts)[number]

const presentedIn = (request: FastifyRequest, part: Part): unknown =>
  part === 'querystring' ? request.query : request[part]

/**
 * The same 400 with the faults of all parts, and with what the domain says of the fields that fit. Fastify stops at the
 * first part that does not fit, and a body that cannot be parsed stops it before the first; `validationContext` of the
 * error says where it stopped.
 */
export function withFaultsOfAllParts(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof Rejection) || error.errors === undefined) return error
  const { validationContext } = error as { validationContext?: Part | typeof bodyParser }
  if (validationContext === undefined) return error
  const unvalidated: readonly Part[] =
    validationContext === bodyParser
      ? ['params', 'querystring']
      : parts.slice(parts.indexOf(validationContext) + 1)
  const found = merge([error.errors, ...unvalidated.flatMap(part => faultsOf(request, part))])
  const rules = request.routeOptions.config.record?.rules
  const broken = rules === undefined ? {} : brokenRules(rules, request.body, found)
  return new Rejection(error.code, { errors: merge([found, broken]) })
}

/** What the rules say of each text in the body that no fault has been found in. */
function brokenRules(rules: BodyRules, body: unknown, faults: FieldErrors): FieldErrors {
  if (typeof body !== 'object' || body === null) return {}
  const texts = Object.fromEntries(
    Object.entries(body).filter(
      ([field, value]) => typeof value === 'string' && isStorable(value) && !Object.hasOwn(faults, field),
    ),
  )
  return Object.fromEntries(
    Object.entries(rules).flatMap(([field, rule]) => {
      const messages = Object.hasOwn(texts, field) ? rule!(texts[field], texts) : []
      return messages.length > 0 ? [[field, messages]] : []
    }),
  )
}

function faultsOf(request: FastifyRequest, part: Part): FieldErrors[] {
  const validate = request.getValidationFunction(part) as
    | ((value: unknown) => { error?: unknown })
    | undefined
  const error = validate?.(presentedIn(request, part)).error
  return error instanceof Rejection && error.errors !== undefined ? [error.errors] : []
}

/** INVARIANT: no assignment by name. A field called `__proto__` would vanish in one, and its rejection with it. */
const merge = (all: readonly FieldErrors[]): FieldErrors =>
  Object.fromEntries(all.flatMap(errors => Object.entries(errors)))
