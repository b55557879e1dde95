import Type, { type Static, type TSchema } from 'typebox'
import type { Message } from '../kernel/index.ts'

export { type Static, type TSchema as Schema, Type }

/** A text that a handler gives piece by piece. For the caller it is one text. */
export const TextStream = () => Type.Unsafe<AsyncIterable<string>>({ type: 'string' })

/** The `:id` of a path. */
export const IdParams = Type.Object({ id: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })

/** An instant as answers show it: RFC 3339 in UTC. */
export const Instant = Type.String({ format: 'date-time' })

export const NullableText = Type.Union([Type.String(), Type.Null()])

const attachment = (fileName: string) => ({ 'content-disposition': `attachment; filename="${fileName}"` })

/**
 * The success of a route that streams a table: a browser saves it as a file. With `format=jsonl` each row is JSON in a line
 * of its own (https://jsonlines.org).
 */
export const tableSuccess = (name: string, examples: { readonly csv: string; readonly jsonl: string }) =>
  ({
    status: 200,
    description: 'The table, one row in a line.',
    schema: TextStream(),
    example: examples.csv,
    stream: true,
    contentType: 'text/csv; charset=utf-8',
    headers: attachment(`${name}.csv`),
    other: {
      isAsked: ({ format }: Readonly<Record<string, unknown>>) => format === 'jsonl',
      contentType: 'application/jsonl; charset=utf-8',
      headers: attachment(`${name}.jsonl`),
      schema: TextStream(),
      example: examples.jsonl,
    },
  }) as const

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
  /** Named where a part of a body is passed on as another standard has it: it takes members that are unknown here. */
  readonly 'x-open-standard'?: string
}

/** A schema made with `Type` is a JSON Schema with the type of its values attached; this forgets that type. */
export const asJsonSchema = (schema: object): JsonSchema => schema

/**
 * Whether every engine can keep the text and give the same text back: PostgreSQL takes no NUL, and half of
 * a surrogate pair has no UTF-8.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
