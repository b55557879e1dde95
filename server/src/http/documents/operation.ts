import type { FastifySchema } from 'fastify'
import { deviceHeader } from '../cookies.ts'
import { idempotencyKeyHeader, idempotencyKeyLengths } from '../idempotency-key.ts'
import type { ProblemCode } from '../problem.ts'
import { type Access, isAnonymous, type Method, permissionsOf, type Route } from '../route.ts'
import { asJsonSchema, type JsonSchema } from '../schema.ts'
import type { SchemaComponents } from './openapi.ts'

/**
 * One route as @fastify/swagger takes it: its schemas refer to the named ones, which are collected in `schemas`.
 * `olderPath` is given where the route is described under an older spelling.
 */
export function describeOperation(route: Route, olderPath: string | undefined, schemas: SchemaComponents) {
  const { access, method } = route as { access: Access; method: Method }
  const permissions = permissionsOf({ access, method })
  const description = `${route.description}\n\n${whoMayCall(access, permissions)}${aboutStepUp(route)}`
  const { params, query, body } = route
  return {
    ...(olderPath === undefined
      ? { operationId: route.operationId, description }
      : {
          operationId: `${route.operationId}Deprecated${ordinalOf(route, olderPath)}`,
          deprecated: true,
          description: `The same as \`${currentPath(route, olderPath)}\`, under an older spelling.\n\n${description}`,
        }),
    tags: [route.tag],
    summary: route.summary,
    security: securityOf(access),
    ...(permissions.length > 0 && { 'x-permission': permissions.join(' ') }),
    ...(params !== undefined && { params: describeParameters('path', params, schemas) }),
    ...(query !== undefined && { querystring: describeParameters('query', query, schemas) }),
    ...describeHeaderParameters(route),
    ...(route.standard?.body === 'form' && { consumes: ['application/x-www-form-urlencoded'] }),
    ...(body !== undefined && { body: schemas.describe(asJsonSchema(body)) }),
    response: {
      [route.success.status]: describeSuccess(route, schemas),
      ...(route.redirects !== undefined && { 302: describeRedirect(route.redirects) }),
    },
  } as FastifySchema
}

/** Nothing for the first of the older spellings, 2 for the second. */
function ordinalOf({ deprecatedPaths = [] }: Route, olderPath: string): string {
  const index = deprecatedPaths.findIndex(path => olderPath.endsWith(path))
  return index === 0 ? '' : String(index + 1)
}

const currentPath = ({ path, deprecatedPaths = [] }: Route, olderPath: string): string => {
  const older = deprecatedPaths.find(each => olderPath.endsWith(each))!
  return `${olderPath.slice(0, -older.length)}${path}`.replace(/:(\w+)/g, '{$1}')
}

/** In the eyes of a browser the cookie is a choice: it is sent where there is one. */
function securityOf(access: Access): readonly object[] {
  if (access === 'browser') return [{ sessionCookie: [] }, {}]
  return access === 'public' ? [] : [{ bearerAuth: [] }]
}

function whoMayCall(access: Access, permissions: readonly string[]): string {
  if (access === 'public') return '**Who may call it:** everyone; no token is checked.'
  if (access === 'browser') return '**Who may call it:** a page of this very origin; no token is checked.'
  if (permissions.length === 0) return '**Who may call it:** every signed-in caller.'
  const named = permissions.map(permission => `\`${permission}\``).join(' and ')
  const noun = permissions.length === 1 ? 'permission' : 'permissions'
  return `**Who may call it:** holders of the ${noun} ${named}, and superusers.`
}

function aboutStepUp({ stepUp }: Route): string {
  if (stepUp === undefined) return ''
  const minutes = stepUp.maxAgeSeconds / 60
  const subject = stepUp.when === undefined ? 'The caller' : `${stepUp.when.says} the caller`
  return ` ${subject} must have confirmed their identity within the last ${minutes} minutes, with a second factor if the account has one (\`/me/step_up/\`).`
}

function describeParameters(place: 'path' | 'query', schema: object, schemas: SchemaComponents) {
  const { properties = {}, required = [] } = asJsonSchema(schema)
  const described = Object.entries(properties).map(([name, { description, ...property }]) => [
    name,
    {
      ...schemas.describe(property as JsonSchema),
      description: description ?? defaultDescription(place, name),
    },
  ])
  return { type: 'object', required, properties: Object.fromEntries(described) }
}

const defaultDescription = (place: 'path' | 'query', name: string): string | undefined =>
  place === 'path' && name.endsWith('id') ? 'An id, as another answer has shown it.' : undefined

const aboutDevice =
  'The device token (ADR 32): the proof that this device has signed in to this account before. Keep it as long as 90 days, also after a sign-out, and send it with the next sign-in.'

const aboutIfMatch =
  'The `ETag` of the row as it was read. The write is refused with 412 if the row has changed since then.'

const aboutIdempotencyKey =
  'A random text of 16 to 128 printable ASCII characters, made before the request is sent and sent again with it. While nobody has used the next token, the same token with the same key is answered by that same next token, however late: an answer that was lost signs nobody out. Keep it beside the token, and make another one for the next.'

/** A page of our own is given its device token in a cookie. */
const isShownDeviceToken = ({ usesDeviceToken, access }: Route) =>
  usesDeviceToken === true && access !== 'browser'

function describeHeaderParameters(route: Route) {
  const properties = {
    ...(isShownDeviceToken(route) && {
      [deviceHeader]: { type: 'string', maxLength: 52, description: aboutDevice },
    }),
    ...(route.takesIdempotencyKey && {
      [idempotencyKeyHeader]: { type: 'string', ...idempotencyKeyLengths, description: aboutIdempotencyKey },
    }),
    ...(route.takesIfMatch && { 'If-Match': { type: 'string', description: aboutIfMatch } }),
  }
  return Object.keys(properties).length > 0 && { headers: { type: 'object', properties } }
}

function describeSuccess(route: Route, schemas: SchemaComponents) {
  const { success } = route
  const constant = Object.entries(success.headers ?? {}).map(([name, value]) => [
    name,
    { description: 'Always this value.', type: 'string', const: value },
  ])
  const headers = {
    ...Object.fromEntries(constant),
    ...(isShownDeviceToken(route) && { [deviceHeader]: { description: aboutDevice, type: 'string' } }),
    ...(success.etag && {
      etag: { description: 'The version of the row, for `If-Match` of a later write.', type: 'string' },
    }),
  }
  // The plugin's word for a response without content.
  const content = success.schema === undefined ? { type: 'null' } : {}
  return {
    description: success.description,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...content,
    ...(success.schema && {
      content: {
        [mediaTypeOf(success.contentType)]: {
          schema: schemas.describe(asJsonSchema(success.schema)),
          ...(success.example !== undefined && { example: success.example }),
        },
        ...(success.other && {
          [mediaTypeOf(success.other.contentType)]: {
            schema: schemas.describe(asJsonSchema(success.other.schema)),
            example: success.other.example,
          },
        }),
      },
    }),
  }
}

const describeRedirect = (description: string) => ({
  description,
  headers: { location: { description: 'Where to go on.', type: 'string' } },
  type: 'null',
})

/** The bare type: a parameter such as the charset belongs to the answer, not to the document. */
const mediaTypeOf = (contentType = 'application/json') => contentType.split(';', 1)[0]!

/** Everything that can go wrong: what follows from the route's record, and what the record adds. */
export function problemsOf(route: Route): Set<ProblemCode> {
  const { access, method } = route as { access: Access; method: Method }
  // Any call can bring a query parameter or a body that it does not take, and can meet a server that is closing.
  const codes = new Set<ProblemCode>(['invalid_request', 'unavailable', ...(route.rejections ?? [])])
  if (access === 'browser') codes.add('cross_site_request')
  if (!isAnonymous(access)) codes.add('not_authenticated').add('invalid_token')
  if (route.stepUp !== undefined) codes.add('insufficient_user_authentication')
  if (permissionsOf({ access, method }).length > 0) codes.add('permission_denied')
  if (route.takesIfMatch) codes.add('precondition_failed')
  if (route.method !== 'GET') codes.add('too_large').add('too_many_requests').add('unsupported_media_type')
  return codes
}
