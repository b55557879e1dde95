import { Ajv, type ValidateFunction } from 'ajv'
import { invalidField, message, Refusal } from '../kernel/index.ts'
import { fieldErrorsOf } from './field-errors.ts'
import { formats } from './formats.ts'
import type { JsonSchema } from './json-schema.ts'

/** Throws a Refusal 400 that names every field that does not fit. */
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
    refuseOverlongLists(value, schema)
    compiled ??= loadValidator().compile(withoutIds(schema) as object)
    if (compiled(value)) return
    throw new Refusal('invalid_request', { errors: fieldErrorsOf(compiled.errors ?? []) })
  }
}

/** No list of ours takes more entries. */
const maxJudgedEntries = 1_000

/**
 * A list that is far too long is refused before anything looks into it: Ajv would judge every entry all the same,
 * and twenty thousand wrong ones hold up everybody else for a tenth of a second.
 */
function refuseOverlongLists(value: unknown, { properties = {} }: JsonSchema): void {
  if (typeof value !== 'object' || value === null) return
  for (const [field, entry] of Object.entries(value)) {
    const limit = Object.hasOwn(properties, field) ? properties[field]?.maxItems : undefined
    if (limit === undefined || !Array.isArray(entry)) continue
    if (entry.length <= Math.max(limit, maxJudgedEntries)) continue
    throw invalidField(field, message('field.too_many', { limit }))
  }
}

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
