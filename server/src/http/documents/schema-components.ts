import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../json-schema.ts'

type Json = Readonly<Record<string, unknown>>

/** Annotations that steer our own validation and say nothing to a reader of the documents. */
const privateKeywords = new Set(['$id', 'x-message', 'x-read-only'])

/** The schemas of an OpenAPI document: those with an `$id` stand once, by that name, and are referred to. */
export class SchemaComponents {
  readonly #byName = new Map<string, Json>()

  get byName(): Json {
    return Object.fromEntries([...this.#byName].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The schema as it stands in the document. Throws when two different schemas carry one `$id`. */
  describe(schema: JsonSchema): Json {
    if (schema.$id === undefined) return this.#inline(schema)
    const described = this.#inline(schema)
    const known = this.#byName.get(schema.$id)
    if (known !== undefined && !isDeepStrictEqual(known, described)) {
      throw new Error(`Two different schemas have the $id ${schema.$id}. Give each its own.`)
    }
    this.#byName.set(schema.$id, described)
    return { $ref: `#/components/schemas/${schema.$id}` }
  }

  #inline(schema: JsonSchema): Json {
    const plain: Record<string, unknown> = {}
    for (const [keyword, value] of Object.entries(simplified(schema))) {
      if (!privateKeywords.has(keyword)) plain[keyword] = this.#keyword(keyword, value)
    }
    return plain
  }

  #keyword(keyword: string, value: unknown): unknown {
    switch (keyword) {
      case 'properties':
        return Object.fromEntries(
          Object.entries(value as Record<string, JsonSchema>).map(([name, each]) => [
            name,
            this.describe(each),
          ]),
        )
      case 'anyOf':
      case 'oneOf':
      case 'allOf':
        return (value as readonly JsonSchema[]).map(each => this.describe(each))
      case 'items':
      case 'additionalProperties':
        return typeof value === 'object' && value !== null ? this.describe(value) : value
      default:
        return value
    }
  }
}

/** A union of constants reads better as an enumeration, and «or null» as a second type. */
function simplified(schema: JsonSchema): object {
  const { anyOf, ...rest } = schema
  if (schema.enum !== undefined) return { type: 'string', ...schema }
  if (anyOf === undefined) return schema
  if (anyOf.every(branch => branch.const !== undefined)) {
    return { ...rest, type: anyOf[0]?.type, enum: anyOf.map(branch => branch.const) }
  }
  const [first, second, ...others] = anyOf
  const isNullable = others.length === 0 && second?.type === 'null'
  if (!isNullable || first?.type === undefined || first.$id !== undefined) return schema
  return { ...rest, ...first, type: [first.type, 'null'] }
}
