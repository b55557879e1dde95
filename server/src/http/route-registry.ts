import { codeNamePattern } from '../kernel/index.ts'
import { actionOfMethod, type Route } from './route.ts'
import { asJsonSchema, type JsonSchema } from './schema.ts'

/** A route and the base path that it was registered under. */
export interface RegisteredRoute {
  readonly basePath: string
  readonly route: Route
}

const codeName = new RegExp(codeNamePattern)

/**
 * Every route that was registered, in order. Adding one throws an Error that names it when its record does not
 * hold together: most of all when it does not say who may call it.
 */
export class RouteRegistry {
  readonly #routes: RegisteredRoute[] = []
  readonly #operationIds = new Set<string>()

  get routes(): readonly RegisteredRoute[] {
    return this.#routes
  }

  add(basePath: string, route: Route): void {
    const fault = faultOf(route) ?? this.#duplicate(route)
    if (fault !== undefined) {
      throw new Error(`The route ${route.method} ${basePath}${route.path} (${route.operationId}) ${fault}`)
    }
    this.#operationIds.add(route.operationId)
    this.#routes.push({ basePath, route })
  }

  #duplicate(route: Route): string | undefined {
    return this.#operationIds.has(route.operationId)
      ? 'has the operationId of another route. Give it its own.'
      : undefined
  }
}

function faultOf(route: Route): string | undefined {
  if (!Object.hasOwn(actionOfMethod, route.method)) return 'has a method that routes cannot have.'
  if (!/^[a-z][A-Za-z0-9]*$/.test(route.operationId)) return 'needs an operationId in camelCase.'
  for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
    const form = route.standard === undefined ? /^\/(?:[a-zA-Z0-9_:.-]+\/)*$/ : /^(?:\/[a-zA-Z0-9_.-]+)+$/
    if (!form.test(path)) return `has the path ${path}: start and end it with a slash.`
    if (namesInPath(path).join() !== namesInPath(route.path).join()) return `has other parameters in ${path}.`
  }
  return faultOfAccess(route.access) ?? faultOfForm(route)
}

// The types forbid each of these. They are checked all the same: a mistake here would leave a route unprotected.
function faultOfAccess(access: unknown): string | undefined {
  if (access === 'public' || access === 'browser' || access === 'authenticated') return undefined
  if (typeof access !== 'object' || access === null) {
    return "does not say who may call it. Set access to 'public', 'browser', 'authenticated' or { resource_name }."
  }
  const { resource_name, action, also } = access as Readonly<Record<string, unknown>>
  const isCodeName = (name: unknown) => typeof name === 'string' && codeName.test(name)
  if (!isCodeName(resource_name)) return 'needs a code name as resource_name in its access.'
  if (action !== undefined && !isCodeName(action)) return 'needs a code name as action in its access.'
  if (also !== undefined) {
    const more = typeof also === 'object' && also !== null ? (also as Readonly<Record<string, unknown>>) : {}
    if (!isCodeName(more.resource_name) || !isCodeName(more.action)) {
      return 'needs code names as resource_name and action in what its access asks for as well.'
    }
  }
  return undefined
}

function faultOfForm(route: Route): string | undefined {
  const named = Object.keys(asJsonSchema(route.params ?? {}).properties ?? {})
  if (named.toSorted().join() !== namesInPath(route.path).toSorted().join()) {
    return 'has params that are not those of its path.'
  }
  if (route.method === 'GET' && route.body !== undefined) return 'is a GET with a body.'
  if (route.body !== undefined && route.standard === undefined && !isClosed(asJsonSchema(route.body))) {
    return 'has a body that takes unknown fields. Set additionalProperties to false on every object in it.'
  }
  if (route.method === 'PATCH' && takesNothing(asJsonSchema(route.body ?? {}))) {
    return 'is a PATCH that takes a body without any field. Set minProperties to 1.'
  }
  if (route.query !== undefined && !isClosed(asJsonSchema(route.query))) {
    return 'has a query that takes unknown parameters. Set additionalProperties to false.'
  }
  if (route.access === 'browser' && route.body === undefined) {
    return 'is for pages of our own and has no body: a form of another site could send such a request.'
  }
  const { stream, contentType } = route.success
  if (stream === true && (route.method !== 'GET' || contentType === undefined)) {
    return 'answers a stream and is no GET, or does not name its content type.'
  }
  if ((route.success.status === 204) !== (route.success.schema === undefined)) {
    return 'has a 204 with a schema, or another status without one.'
  }
  return undefined
}

const namesInPath = (path: string): string[] =>
  [...path.matchAll(/:([a-zA-Z0-9_]+)/g)].map(match => match[1]!)

const takesNothing = ({ required = [], minProperties = 0 }: JsonSchema): boolean =>
  required.length === 0 && minProperties < 1

/**
 * Whether unknown fields are refused at every depth, but in what is passed on as another standard has it, which adds to it over
 * time: such a schema says so by `x-open-standard`.
 */
function isClosed(schema: JsonSchema): boolean {
  if (schema['x-open-standard'] !== undefined) return true
  if (schema.type === 'object' && schema.additionalProperties !== false) return false
  const below = [...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? [])]
  if (schema.items !== undefined) below.push(schema.items)
  return below.every(isClosed)
}
