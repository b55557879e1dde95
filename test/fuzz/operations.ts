import { readFileSync } from 'node:fs'
import { openApiFile } from '../../server/scripts/openapi-document.ts'

/** The parts of JSON Schema (2020-12) that the document uses, references put in place. */
export interface FieldSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly items?: FieldSchema
  readonly anyOf?: readonly FieldSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly not?: object
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: FieldSchema
}

/** One operation as the document tells the world about it. */
export interface Operation {
  readonly operationId: string
  readonly method: string
  /** With its parameters in braces. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: FieldSchema | undefined
  /** Whether the body is a form, as OAuth has it. */
  readonly takesForm: boolean
  /** Every status that it is said to answer with. */
  readonly statuses: ReadonlySet<number>
}

interface PathItem {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: FieldSchema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathItem>>>>
}

const formType = 'application/x-www-form-urlencoded'

/** Every operation of docs/openapi.json. */
export function readOperations(): readonly Operation[] {
  const document = JSON.parse(readFileSync(openApiFile, 'utf8')) as Document
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId, parameters = [], requestBody, responses }]) => {
      const { content = {} } = requestBody ?? {}
      const type = formType in content ? formType : 'application/json'
      return {
        operationId,
        method: method.toUpperCase(),
        path,
        parameters: parameters.map(each => resolve(document, each) as Parameter),
        body: resolve(document, content[type]?.schema) as FieldSchema | undefined,
        takesForm: type === formType,
        statuses: new Set(Object.keys(responses).map(Number)),
      }
    }),
  )
}

/** The value with every `$ref` replaced by what it points to; schemas of requests do not contain themselves. */
function resolve(document: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value.map(each => resolve(document, each))
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value && typeof value.$ref === 'string') {
    const names = value.$ref.replace('#/', '').split('/')
    const found = names.reduce((at: unknown, name) => (at as Record<string, unknown>)[name], document)
    return resolve(document, found)
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(document, each)]))
}
