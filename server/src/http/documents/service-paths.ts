import type { ProblemComponents } from './problem-components.ts'

export const serviceTag = {
  name: 'Service',
  description: 'What machines ask at the root of the host: keys, health, metrics, this document.',
}

/** The addresses at the root of the host, which are no routes of the API. */
export function servicePaths(problems: ProblemComponents): Record<string, Record<string, object>> {
  const operation = (
    operationId: string,
    summary: string,
    description: string,
    answers: Record<string, object>,
    rejections: Parameters<ProblemComponents['describe']>[0] = [],
  ) => ({
    get: {
      operationId,
      tags: [serviceTag.name],
      summary,
      description,
      security: [],
      responses: { ...answers, ...problems.describe(['invalid_request', ...rejections]) },
    },
  })
  return {
    '/.well-known/jwks.json': operation(
      'getKeySet',
      'The public keys',
      'The key set that access tokens are verified with (RFC 7517).',
      { 200: json('The key set.', keySetSchema, keySetExample) },
      ['unavailable'],
    ),
    '/health/live': operation('getLiveness', 'Is the process alive', 'Answers as long as the process runs.', {
      200: json('It is.', { type: 'object', properties: { status: { type: 'string' } } }, { status: 'ok' }),
    }),
    '/health/ready': operation(
      'getReadiness',
      'Can the server answer',
      'Whether requests should be sent here.',
      {
        200: json('It can.', readinessSchema, { status: 'ok', checks: { store: 'ok' } }),
        503: json('It cannot; `checks` names why.', readinessSchema, {
          status: 'unavailable',
          checks: { store: 'unreachable' },
        }),
      },
    ),
    '/metrics': operation(
      'getMetrics',
      'Metrics',
      'In the text format of Prometheus. By default for callers on the same machine only; others get 404.',
      {
        200: {
          description: 'Every metric.',
          content: { 'text/plain': { schema: { type: 'string' }, example: 'http_requests_total 1\n' } },
        },
      },
      ['not_found'],
    ),
    '/openapi.json': operation(
      'getOpenApi',
      'This document',
      'Where the settings keep the documents for staff, a Bearer token of a staff account is needed.',
      { 200: json('The document.', { type: 'object' }, { openapi: '3.1.0' }) },
      documentRejections,
    ),
    '/swagger/': operation(
      'getSwagger',
      'This document, to try out',
      'Swagger UI. If you sign in by trying the call, you are signed in for the calls that follow.',
      { 200: page },
      documentRejections,
    ),
    '/redoc/': operation('getRedoc', 'This document, to read', 'ReDoc.', { 200: page }, documentRejections),
  }
}

/** What settings can make of an address that shows the documents. */
const documentRejections = [
  'not_authenticated',
  'invalid_token',
  'permission_denied',
  'not_found',
  'unavailable',
] as const

const page = {
  description: 'A page for a person.',
  content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>…' } },
}

const json = (description: string, schema: object, example: unknown) => ({
  description,
  content: { 'application/json': { schema, example } },
})

const readinessSchema = {
  type: 'object',
  required: ['status', 'checks'],
  properties: {
    status: { type: 'string', enum: ['ok', 'unavailable'] },
    checks: { type: 'object', additionalProperties: { type: 'string' } },
  },
}

const keySetSchema = {
  type: 'object',
  required: ['keys'],
  properties: { keys: { type: 'array', items: { type: 'object' } } },
}

const keySetExample = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'b6JfMDzr',
      alg: 'ES256',
      use: 'sig',
      // RFC 7517 appendix A.1
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    },
  ],
}
