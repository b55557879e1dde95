/** The parts of JSON Schema that our document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly not?: Schema
}

/** The TypeScript type of a schema. What a type cannot say (lengths, patterns, bounds) is left to the server. */
export function schemaType(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf.map(each => schemaType(each, indent)))
  if (schema.enum !== undefined) return unionOf(schema.enum.map(literal))
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.not !== undefined) return 'never'
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  if (types.length === 0) return schema.properties === undefined ? 'unknown' : fieldsType(schema, indent)
  return unionOf(types.map(type => typeOf(type, schema, indent)))
}

/** The fields of an object, each on a line of its own with its description above it. */
export function fieldsType({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? '' : '?'
    return `${comment(property.description, inner)}${inner}readonly ${name}${mark}: ${schemaType(property, inner)}`
  })
  return ['{', ...lines, `${indent}}`].join('\n')
}

/** A doc comment on a line of its own, or nothing. */
export const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim()} */\n`

function typeOf(type: string, schema: Schema, indent: string): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'array':
      return listOf(schema.items === undefined ? 'unknown' : schemaType(schema.items, indent))
    case 'object':
      return schema.properties === undefined ? recordType(schema, indent) : fieldsType(schema, indent)
    default:
      throw new Error(`The document uses the type ${type}, which the generator does not know. Teach it.`)
  }
}

function recordType({ additionalProperties }: Schema, indent: string): string {
  const type = typeof additionalProperties === 'object' ? schemaType(additionalProperties, indent) : 'unknown'
  return `Readonly<Record<string, ${type}>>`
}

const listOf = (item: string) => (/^\w+$/.test(item) ? `readonly ${item}[]` : `ReadonlyArray<${item}>`)

const unionOf = (types: readonly string[]) => [...new Set(types)].join(' | ')

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : JSON.stringify(value)
