import type { ErrorObject } from 'ajv'
import { type FieldErrors, type Message, message } from '../kernel/index.ts'
import type { JsonSchema } from './schema.ts'

/** A body can break thousands of rules. More are of no use to a reader, and the answer stays small. */
const maxFields = 50

/** What Ajv found, as messages by field. A nested field is written `checks.0.action`. */
export function fieldErrorsOf(found: readonly ErrorObject[]): FieldErrors {
  const errors = new Map<string, Message[]>()
  for (const error of withoutLosingBranches(found)) {
    const field = fieldOf(error)
    const messages = errors.get(field) ?? []
    const next = messageOf(error)
    if (errors.size >= maxFields && messages.length === 0) continue
    if (!messages.some(each => each.key === next.key)) messages.push(next)
    errors.set(field, messages)
  }
  return Object.fromEntries(errors)
}

/**
 * Of a union Ajv reports every branch and the union itself. Only one of them helps: the rule broken inside a
 * branch whose type fits («at most 150 characters»), or else the union («a string or null»).
 */
function withoutLosingBranches(found: readonly ErrorObject[]): ErrorObject[] {
  const unions = found.filter(error => error.keyword === 'anyOf')
  let kept = [...found]
  for (const union of unions) {
    const branches = kept.filter(
      error => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`),
    )
    const helpful = branches.filter(error => error.instancePath !== union.instancePath || !isKind(error))
    const lost =
      helpful.length > 0 ? [union, ...branches.filter(error => !helpful.includes(error))] : branches
    kept = kept.filter(error => !lost.includes(error))
  }
  return kept
}

/** Whether the error says only that the value is of another kind than the branch is about. */
const isKind = (error: ErrorObject) => error.keyword === 'type' || error.keyword === 'const'

function fieldOf(error: ErrorObject): string {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (error.keyword === 'required') path.push(String(error.params.missingProperty))
  if (error.keyword === 'additionalProperties') path.push(String(error.params.additionalProperty))
  return path.join('.') || 'body'
}

function messageOf(error: ErrorObject): Message {
  const schema = (error.parentSchema ?? {}) as JsonSchema
  const limit = Number(error.params.limit)
  switch (error.keyword) {
    case 'required':
      return message('field.required')
    case 'additionalProperties': {
      const readOnly = schema['x-read-only']?.includes(String(error.params.additionalProperty))
      return message(readOnly ? 'field.read_only' : 'field.unknown')
    }
    case 'type':
      return error.instancePath === '' ? message('body.not_object') : typeMessage(String(error.params.type))
  }
  if (schema['x-message'] !== undefined) return message(schema['x-message'], { limit })
  switch (error.keyword) {
    case 'minLength':
      return message('field.too_short', { limit })
    case 'maxLength':
      return message('field.too_long', { limit })
    case 'minimum':
      return message('field.too_small', { limit })
    case 'maximum':
      return message('field.too_big', { limit })
    case 'minProperties':
      return message('body.nothing')
    case 'minItems':
      return message('field.too_few', { limit })
    case 'maxItems':
      return message('field.too_many', { limit })
    case 'uniqueItems':
      return message('field.duplicate')
    case 'format':
      return message('field.format', { format: String(error.params.format) })
    case 'enum':
      return oneOf(schema.enum ?? [])
    case 'const':
      return oneOf([schema.const])
    case 'anyOf':
      return unionMessage(schema.anyOf ?? [])
    default:
      return message('field.pattern')
  }
}

const oneOf = (allowed: readonly unknown[]) => message('field.one_of', { allowed: allowed.join(', ') })

function unionMessage(branches: readonly JsonSchema[]): Message {
  if (branches.every(branch => branch.const !== undefined)) return oneOf(branches.map(branch => branch.const))
  return typeMessage(branches.map(branch => branch.type ?? 'const').join(' or '))
}

const typeMessages: Readonly<Record<string, Message['key']>> = {
  string: 'field.string',
  integer: 'field.integer',
  number: 'field.number',
  boolean: 'field.boolean',
  array: 'field.array',
  object: 'field.object',
  'string or null': 'field.string_or_null',
}

function typeMessage(expected: string): Message {
  const key = typeMessages[expected]
  return key === undefined ? message('field.type', { expected }) : message(key)
}
