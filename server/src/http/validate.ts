import { Ajv, type ValidateFunction } from 'ajv'
import { type FieldErrors, message, Rejection } from '../kernel/index.ts'
import { fieldErrorsOf } from './field-errors.ts'
import { formats } from './formats.ts'
import type { JsonSchema } from './json-schema.ts'

/** Throws a Rejection 400 that names every field that does not fit. */
export type Validate = (value: unknown) => void

let ajv: Ajv | undefined

/** Made when the first value is to be judged. */
export function loadValidator(): Ajv {
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
  ajv.addVocabulary(['x-message', 'x-read-only', 'example'])
  return ajv
}

/** The judge of one schema, compiled when it is first needed. */
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
const maxJudgedEntries = 1_000

/**
 * Lists that are far too long, which nothing looks into: Ajv would judge every entry all the same, and twenty thousand
 * wrong ones hold up every other request for a tenth of a second.
 */
function overlongListsOf(value: unknown, { properties = {} }: JsonSchema): FieldErrors | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  let found: Record<string, FieldErrors[string]> | undefined
  for (const [field, { maxItems: limit }] of Object.entries(properties)) {
    if (limit === undefined || !Object.hasOwn(value, field)) continue
    const entry = (value as Readonly<Record<string, unknown>>)[field]
    if (!Array.isArray(entry) || entry.length <= Math.max(limit, maxJudgedEntries)) continue
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
