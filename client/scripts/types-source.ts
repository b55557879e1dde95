interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly deprecated?: boolean
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

/** The parts of an OpenAPI document that the types are made from. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface Place {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

const heading = `// Made from docs/openapi.json; do not edit. To make it again: npm run openapi
`

/**
 * The text of client/src/types.ts: an interface for each schema, the types of each operation, and the table by which
 * the client finds its address. Deprecated spellings are left out: a new client has no use for them.
 */
export function typesSource({ paths, components }: OpenApi): string {
  const places = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.deprecated !== true && takesJson(operation))
      .map(([method, operation]): Place => ({ path, method: method.toUpperCase(), operation })),
  )
  return [
    heading,
    ...Object.entries(components.schemas).map(namedType),
    problemCodesSource(components.schemas),
    `/** What each operation takes and gives; undefined where it takes or gives nothing. */
export interface Operations {
${places.map(operationType).join('\n')}
}
`,
    `export type OperationId = keyof Operations
`,
    `/** Where each operation is, and which take and give a device token. */
export const operations = {
${places.map(operationEntry).join('\n')}
} as const satisfies { readonly [Id in OperationId]: Pick<Operations[Id], 'method' | 'path'> & { usesDevice?: true } }
`,
  ].join('\n')
}

/** Forms are of standards that have clients of their own. */
const takesJson = ({ requestBody }: Operation): boolean =>
  requestBody === undefined || Object.hasOwn(requestBody.content, 'application/json')

/** The codes as a value too, so that a client can tell a code that it knows. */
function problemCodesSource(schemas: Readonly<Record<string, Schema>>): string {
  const codes = schemas.Problem?.properties?.code?.enum
  if (codes === undefined) throw new Error('The document has no schema Problem with an enum of codes.')
  return `/** Every code of a problem, as docs/errors.md explains them. */
export const problemCodes = [
${codes.map(code => `  ${literal(code)},`).join('\n')}
] as const

export type ProblemCode = (typeof problemCodes)[number]
`
}

function namedType([name, schema]: [string, Schema]): string {
  const about = comment(schema.description, '')
  if (schema.type === 'object' && schema.properties !== undefined) {
    return `${about}export interface ${name} ${fieldsType(schema, '')}\n`
  }
  return `${about}export type ${name} = ${schemaType(schema)}\n`
}

function operationType({ path, method, operation }: Place): string {
  return `${comment(operation.summary, '  ')}  readonly ${operation.operationId}: {
    readonly method: '${method}'
    readonly path: '${path}'
    readonly params: ${parametersType(operation, 'path')}
    readonly query: ${parametersType(operation, 'query')}
    readonly body: ${contentType(operation.requestBody?.content)}
    readonly success: ${contentType(successOf(operation))}
  }`
}

function operationEntry({ path, method, operation: { operationId, parameters = [] } }: Place): string {
  const usesDevice = parameters.some(({ in: place, name }) => place === 'header' && name === 'Propusk-Device')
  return `  ${operationId}: { method: '${method}', path: '${path}'${usesDevice ? ', usesDevice: true' : ''} },`
}

function parametersType({ parameters = [] }: Operation, place: Parameter['in']): string {
  const here = parameters.filter(parameter => parameter.in === place)
  if (here.length === 0) return 'undefined'
  const properties = here.map(({ name, description, schema }) => [
    name,
    { ...schema, ...(description !== undefined && { description }) },
  ])
  const required = here.filter(parameter => parameter.required).map(parameter => parameter.name)
  return fieldsType({ properties: Object.fromEntries(properties), required }, '    ')
}

function successOf({ operationId, responses }: Operation): Content | undefined {
  const status = Object.keys(responses).find(each => each.startsWith('2'))
  if (status === undefined) throw new Error(`${operationId} documents no success.`)
  return responses[status]?.content
}

function contentType(content: Content | undefined): string {
  const first = Object.values(content ?? {})[0]
  return first === undefined ? 'undefined' : schemaType(first.schema, '    ')
}

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
    const optional = required.includes(name) ? '' : '?'
    return `${comment(property.description, inner)}${inner}readonly ${name}${optional}: ${schemaType(property, inner)}`
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
