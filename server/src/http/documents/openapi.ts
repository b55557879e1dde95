import { sessionCookieName } from '../cookie-jar.ts'
import type { BookedRoute } from '../route-book.ts'
import { type Components, describeOperation } from './operation.ts'
import { ProblemComponents, problemSchema } from './problem-components.ts'
import { SchemaComponents } from './schema-components.ts'
import { servicePaths, serviceTag } from './service-paths.ts'

export interface OpenApiOptions {
  readonly routes: readonly BookedRoute[]
  readonly version: string
  readonly publicUrl: string
  /** What each tag is about, in the order in which they are shown. */
  readonly tags?: Readonly<Record<string, string>>
}

/** The OpenAPI 3.1 document of the routes: made from the same records that guard, validate and answer. */
export function describeApi({ routes, version, publicUrl, tags = {} }: OpenApiOptions) {
  const components = { schemas: new SchemaComponents(), problems: new ProblemComponents() }
  // Before the components are read: describing a path is what fills them.
  const paths = { ...describePaths(routes, components), ...servicePaths(components.problems) }
  const used = [...new Set(routes.map(({ route }) => route.tag))]
  return {
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
    // Relative to the host that shows the document: calls from these pages stay on it, whatever its name.
    servers: [{ url: new URL(publicUrl).pathname.replace(/(?<=.)\/$/, ''), description: 'This server' }],
    tags: [...describeTags(tags, used), serviceTag],
    paths,
    components: {
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `access` token that signing in gave (RFC 6750, RFC 9068).',
        },
        ...(routes.some(({ route }) => route.access === 'browser') && { sessionCookie }),
      },
      schemas: { ...components.schemas.byName, Problem: problemSchema },
      responses: components.problems.responses,
      examples: components.problems.examples,
    },
  }
}

const sessionCookie = {
  type: 'apiKey',
  in: 'cookie',
  name: sessionCookieName,
  description:
    'The refresh token of a browser, which no script can read. Only the calls under `/browser/` look at it.',
}

function describePaths(routes: readonly BookedRoute[], components: Components) {
  const paths: Record<string, Record<string, object>> = {}
  for (const { basePath, route } of routes) {
    const operation = describeOperation(route, components)
    const add = (path: string, each: object) => {
      const address = addressOf(basePath, path)
      paths[address] = { ...paths[address], [route.method.toLowerCase()]: each }
    }
    add(route.path, operation)
    for (const [index, path] of (route.deprecatedPaths ?? []).entries()) {
      add(path, {
        ...operation,
        operationId: `${route.operationId}Deprecated${index === 0 ? '' : index + 1}`,
        deprecated: true,
        description: `The same as \`${addressOf(basePath, route.path)}\`, under an older spelling.

${operation.description}`,
      })
    }
  }
  return paths
}

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
