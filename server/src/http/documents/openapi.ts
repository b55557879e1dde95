import { isDeepStrictEqual } from 'node:util'
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { sessionCookieName } from '../cookies.ts'
import type { RegisteredRoute } from '../route-registry.ts'
import type { JsonSchema } from '../schema.ts'
import { basePathOf } from '../target.ts'
import { describeOperation, problemsOf } from './operation.ts'
import { ProblemComponents, problemSchema } from './problem-components.ts'
import { servicePaths, serviceTag } from './service-paths.ts'

interface OpenApiOptions {
  readonly version: string
  readonly publicUrl: string
  /** What each tag is about, in the order in which they are shown. */
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * The source from which @fastify/swagger makes the OpenAPI 3.1 document: each route is described by the record that
 * guards it, validates it and answers. What the plugin cannot express (rejections, examples of bodies, our own paths) is
 * added to its result.
 */
export function openApiOptions(
  { version, publicUrl, tags = {} }: OpenApiOptions,
  routes: () => readonly RegisteredRoute[],
): FastifyDynamicSwaggerOptions {
  const schemas = new SchemaComponents()
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Propusk',
        version,
        summary: 'Sign-in, sessions and permissions for your applications.',
        description: introduction,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      externalDocs: {
        description: 'RFC 9457: the form of every error.',
        url: 'https://www.rfc-editor.org/rfc/rfc9457',
      },
      components: { securitySchemes: { bearerAuth, sessionCookie } },
      // Relative to the host that shows the document: calls from these pages stay on it, whatever its name.
      servers: [{ url: basePathOf(publicUrl) || '/', description: 'This server' }],
    },
    // The server's path is where a proxy has put us, and no part of our routes.
    stripBasePath: false,
    convertConstToEnum: false,
    transform: ({ url, route }) => {
      const { record, isDeprecated = false } = route.config ?? {}
      if (record === undefined) return { schema: { hide: true }, url }
      return { schema: describeOperation(record, isDeprecated ? url : undefined, schemas), url }
    },
    transformObject: document =>
      complete(('openapiObject' in document && document.openapiObject) as OpenApi, {
        schemas,
        tags,
        routes: routes(),
      }),
  }
}

type Operation = Record<string, unknown> & { responses: object; requestBody?: RequestBody }
type RequestBody = { content: Record<string, { example?: unknown }>; required?: boolean }
type OpenApi = Record<string, unknown> & { paths: Record<string, Record<string, Operation>> }

interface Additions {
  readonly schemas: SchemaComponents
  readonly tags: Readonly<Record<string, string>>
  readonly routes: readonly RegisteredRoute[]
}

/** The document with what the plugin has left out. */
function complete(document: OpenApi, { schemas, tags, routes }: Additions) {
  const problems = new ProblemComponents()
  for (const { basePath, route } of routes) {
    for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
      const operation = document.paths[addressOf(basePath, path)]![route.method.toLowerCase()]!
      operation.responses = {
        ...operation.responses,
        ...(route.standard?.refusals ?? problems.describe(problemsOf(route))),
      }
      if (operation.requestBody !== undefined) {
        operation.requestBody.required = true
        for (const content of Object.values(operation.requestBody.content))
          content.example = route.bodyExample
      }
    }
  }
  const used = [...new Set(routes.map(({ route }) => route.tag))]
  // Before the components are read: describing a path is what fills them.
  const paths = { ...document.paths, ...servicePaths(problems) }
  return {
    ...document,
    tags: [...describeTags(tags, used), serviceTag],
    paths,
    components: {
      securitySchemes: {
        bearerAuth,
        ...(routes.some(({ route }) => route.access === 'browser') && { sessionCookie }),
      },
      schemas: { ...schemas.byName, Problem: problemSchema },
      responses: problems.responses,
      examples: problems.examples,
    },
  } as never
}

const bearerAuth = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The `access` token that signing in gave (RFC 6750, RFC 9068).',
} as const

const sessionCookie = {
  type: 'apiKey',
  in: 'cookie',
  name: sessionCookieName,
  description:
    'The refresh token of a browser, which no script can read. Only the calls under `/browser/` look at it.',
} as const

/** A pattern `/users/:id/` as OpenAPI writes it: `/users/{id}/`. */
const addressOf = (basePath: string, path: string) => `${basePath}${path}`.replace(/:(\w+)/g, '{$1}')

/** The tags that routes use, in the given order; one that was given no description still appears. */
function describeTags(tags: Readonly<Record<string, string>>, used: readonly string[]) {
  const given = Object.keys(tags).filter(name => used.includes(name))
  const rest = used.filter(name => !Object.hasOwn(tags, name))
  return [...given, ...rest].map(name => ({ name, description: tags[name] ?? `${name}.` }))
}

const introduction = `Sign in with \`POST /api/auth/login/\` and send the \`access\` token of the answer as
\`Authorization: Bearer <token>\`. When it has expired, trade the \`refresh\` token for a new pair.

A request is judged in this order: the token (401), the permission (403), the form (400). JSON only, UTF-8,
at most 64 KB; unknown and repeated fields are refused. Every path works with and without its trailing slash.
Times are RFC 3339 in UTC. Errors are problem details; their \`code\` never changes its meaning, and their
sentences come in English or, under \`Accept-Language: ru\`, in Russian.`

type Json = Readonly<Record<string, unknown>>

/** Annotations that steer our own validation and say nothing to a reader of the documents. */
const privateKeywords = new Set(['$id', 'x-message', 'x-read-only', 'x-open-standard'])

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
  // Beside a constant the second type would allow no null.
  const isNullable = others.length === 0 && second?.type === 'null' && first?.const === undefined
  if (!isNullable || first?.type === undefined || first.$id !== undefined) return schema
  return { ...rest, ...first, type: [first.type, 'null'] }
}
