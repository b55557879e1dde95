import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify'
import { type FieldErrors, message, Rejection } from '../kernel/index.ts'
import { bodyParser, noBody, requireEmpty } from './body.ts'
import { fieldErrorsOf } from './field-errors.ts'
import type { BodyRules } from './route.ts'
import { isStorable, type JsonSchema } from './schema.ts'
import { coerceTexts, parseQueryString } from './target.ts'

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

/** What the rules say of each text in the body that no fault has been found in: one answer names every fault (ADR 33). */
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

/** Throws a Rejection 400 that names every field that does not fit. */
type Validate = (value: unknown) => void

let ajv: Ajv | undefined

/** Made when the first value is validated: it costs a start some milliseconds. */
function loadValidator(): Ajv {
  if (ajv !== undefined) return ajv
  ajv = new Ajv({
    // Nothing is changed on the way in: no coercion, no defaults, no fields dropped.
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    // Every field is named, not the first one only. The size of a body and of its lists bounds the work.
    allErrors: true,
    verbose: true,
    strictTypes: false,
    strictRequired: false,
    addUsedSchema: false,
    formats,
  })
  ajv.addVocabulary(['x-message', 'x-read-only', 'x-open-standard', 'example'])
  return ajv
}

/** Validates by one schema, compiled when it is first needed (ADR 27): all of them would be most of a start. */
export function lazyValidator(schema: JsonSchema): Validate {
  let compiled: ValidateFunction | undefined
  return value => {
    const overlong = overlongListsOf(value, schema)
    compiled ??= loadValidator().compile(withoutIds(schema) as object)
    if (compiled(withoutEntries(value, overlong)) && overlong === undefined) return
    throw new Rejection('invalid_request', {
      errors: { ...fieldErrorsOf(compiled.errors ?? []), ...overlong },
    })
  }
}

/** No list of ours takes more entries. */
const maxValidatedEntries = 1_000

/**
 * Lists that are far too long, which nothing looks into: Ajv would validate every entry all the same, and twenty thousand
 * wrong ones hold up every other request for a tenth of a second.
 */
function overlongListsOf(value: unknown, { properties = {} }: JsonSchema): FieldErrors | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  let found: Record<string, FieldErrors[string]> | undefined
  for (const [field, { maxItems: limit }] of Object.entries(properties)) {
    if (limit === undefined || !Object.hasOwn(value, field)) continue
    const entry = (value as Readonly<Record<string, unknown>>)[field]
    if (!Array.isArray(entry) || entry.length <= Math.max(limit, maxValidatedEntries)) continue
    found = { ...found, [field]: [message('field.too_many', { limit })] }
  }
  return found
}

/** The value with nothing in these lists, so that all other fields are judged as usual. */
const withoutEntries = (value: unknown, lists: FieldErrors | undefined): unknown =>
  lists === undefined
    ? value
    : { ...(value as object), ...Object.fromEntries(Object.keys(lists).map(field => [field, []])) }

/** An `$id` names a schema for the documents; to Ajv it would be an address, and the same one twice an error. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) =>
      key === '$id' && typeof value === 'string' ? [] : [[key, withoutIds(value)]],
    ),
  )
}

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The formats that a schema may name. `true` marks those that only describe: the domain has its own rule for
 * an email address, and responses are not validated.
 */
const formats = {
  // RFC 3339 section 5.6, without leap seconds: no engine of ours can keep one.
  'date-time': (text: string) => {
    const parts = dateTime.exec(text)
    return parts !== null && isDayOfCalendar(Number(parts[1]), Number(parts[2]), Number(parts[3]))
  },
  uuid,
  email: true,
  uri: true,
  ip: true,
  password: true,
  int64: true,
} as const

function isDayOfCalendar(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (days[month - 1] ?? 0)
}
