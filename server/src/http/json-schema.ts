import type { Message } from '../kernel/index.ts'

/** The parts of JSON Schema (2020-12) that this module reads, and our own annotations. */
export interface JsonSchema {
  readonly $id?: string
  readonly description?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly maxItems?: number
  readonly minProperties?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  /** What to say of a value that does not fit, instead of the general sentence for the rule it breaks. */
  readonly 'x-message'?: Message['key']
  /** Fields that are shown in answers and cannot be written: they are refused as such, not as unknown. */
  readonly 'x-read-only'?: readonly string[]
}

/** A schema made with `Type` is a JSON Schema with the type of its values attached; this forgets that type. */
export const asJsonSchema = (schema: object): JsonSchema => schema
