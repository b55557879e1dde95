import { asJsonSchema, type JsonSchema } from '../json-schema.ts'
import type { ProblemCode } from '../problem.ts'
import { type Access, isAnonymous, type Method, permissionsOf, type Route } from '../route.ts'
import type { ProblemComponents } from './problem-components.ts'
import type { SchemaComponents } from './schema-components.ts'

export interface Components {
  readonly schemas: SchemaComponents
  readonly problems: ProblemComponents
}

/** One route as an OpenAPI operation object. */
export function describeOperation(route: Route, { schemas, problems }: Components) {
  const { access, method } = route as { access: Access; method: Method }
  const permissions = permissionsOf({ access, method })
  const parameters = [
    ...describeParameters('path', route.params, schemas),
    ...describeParameters('query', route.query, schemas),
  ]
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: `${route.description}\n\n${whoMayCall(access, permissions)}`,
    security: securityOf(access),
    ...(permissions.length > 0 && { 'x-permission': permissions.join(' ') }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: describeBody(route, schemas) }),
    responses: {
      [route.success.status]: describeSuccess(route, schemas),
      ...problems.describe(problemsOf(route, access, permissions)),
    },
  }
}

/** In the eyes of a browser the cookie is a choice: it is sent where there is one. */
function securityOf(access: Access): readonly object[] {
  if (access === 'browser') return [{ sessionCookie: [] }, {}]
  return access === 'public' ? [] : [{ bearerAuth: [] }]
}

function whoMayCall(access: Access, permissions: readonly string[]): string {
  if (access === 'public') return '**Who may call it:** everyone; no token is looked at.'
  if (access === 'browser') return '**Who may call it:** a page of this very origin; no token is looked at.'
  if (permissions.length === 0) return '**Who may call it:** whoever is signed in.'
  const named = permissions.map(permission => `\`${permission}\``).join(' and ')
  const noun = permissions.length === 1 ? 'permission' : 'permissions'
  return `**Who may call it:** holders of the ${noun} ${named}, and superusers.`
}

function describeParameters(place: 'path' | 'query', schema: object | undefined, schemas: SchemaComponents) {
  const { properties = {}, required = [] } = asJsonSchema(schema ?? {})
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...((description ?? defaultDescription(place, name)) && {
      description: description ?? defaultDescription(place, name),
    }),
    schema: schemas.describe(property as JsonSchema),
  }))
}

const defaultDescription = (place: 'path' | 'query', name: string): string | undefined =>
  place === 'path' && name.endsWith('id') ? 'An id, as another answer has shown it.' : undefined

function describeBody(route: Route, schemas: SchemaComponents) {
  return {
    required: true,
    content: {
      'application/json': {
        schema: schemas.describe(asJsonSchema(route.body)),
        ...(route.bodyExample !== undefined && { example: route.bodyExample }),
      },
    },
  }
}

function describeSuccess({ success }: Route, schemas: SchemaComponents) {
  const headers = Object.entries(success.headers ?? {}) as [string, string][]
  return {
    description: success.description,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map(([name, example]) => [
          name,
          { description: 'Always this value.', schema: { type: 'string' }, example },
        ]),
      ),
    }),
    ...(success.schema && {
      content: {
        [mediaTypeOf(success.contentType)]: {
          schema: schemas.describe(asJsonSchema(success.schema)),
          ...(success.example !== undefined && { example: success.example }),
        },
      },
    }),
  }
}

/** The bare type: a parameter such as the charset belongs to the answer, not to the document. */
const mediaTypeOf = (contentType = 'application/json') => contentType.split(';', 1)[0]!

/** Everything that can go wrong: what follows from the route's record, and what the record adds. */
function problemsOf(route: Route, access: Access, permissions: readonly string[]): Set<ProblemCode> {
  // Any call can bring a query parameter or a body that it does not take, and can meet a server that is closing.
  const codes = new Set<ProblemCode>(['invalid_request', 'unavailable', ...(route.refusals ?? [])])
  if (access === 'browser') codes.add('cross_site_request')
  if (!isAnonymous(access)) codes.add('not_authenticated').add('invalid_token')
  if (permissions.length > 0) codes.add('permission_denied')
  if (route.method !== 'GET') codes.add('too_large')
  if (route.body !== undefined) codes.add('unsupported_media_type')
  return codes
}
