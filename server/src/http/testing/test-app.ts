import { join } from 'node:path'
import { assetPath } from '../../assets.ts'
import {
  missingPermission,
  type Principal,
  Rejection,
  type SessionId,
  systemClock,
  systemRandom,
  type UserId,
} from '../../kernel/index.ts'
import { createHttpApp, type HttpApp, type HttpDeps, type RequestGuard, type Route, route } from '../index.ts'
import { createLog } from '../log.ts'
import { Type } from '../schema.ts'
import { type Inject, injectInto } from './inject.ts'

const documentFiles = {
  swagger: assetPath('swagger'),
  redoc: join(assetPath('redoc'), 'redoc.standalone.js'),
}

const principal = (userId: number, isSuperuser: boolean): Principal => ({
  userId: userId as UserId,
  sessionId: '0190a1b2-0000-7000-8000-000000000001' as SessionId,
  roles: [],
  isSuperuser,
  accessUntilMs: Number.POSITIVE_INFINITY,
})

/** Stands for the gate: `good` may do everything, `weak` nothing, any other token is no longer valid. */
const tokens: Readonly<Record<string, Principal>> = { good: principal(1, true), weak: principal(2, false) }

export const testGuard: RequestGuard = {
  authenticate(authorization) {
    const found = tokens[authorization.slice('bearer '.length)]
    if (found === undefined) throw new Rejection('invalid_token', { cause: 'expired' })
    return found
  },
  permits: who => who.isSuperuser,
  refusalOf: (_, resource, action) => missingPermission(`${resource}:${action}`),
  whileSure: work => work,
  actAs: (_principal, _permissions, work) => work(),
  assertStepUp: async () => {},
  assertStaffFactor: () => undefined,
  denied: async () => {},
}

export interface TestApp {
  readonly app: HttpApp & { inject: Inject }
  /** The lines of the log, parsed. */
  readonly log: Record<string, unknown>[]
  readonly denied: string[]
}

/** An app with a few small routes of its own; `options` replaces what a test is about. */
export function testApp(options: Partial<HttpDeps> = {}, routes: readonly Route[] = testRoutes): TestApp {
  const log: Record<string, unknown>[] = []
  const denied: string[] = []
  const app = createHttpApp({
    guard: {
      ...testGuard,
      async denied(_principal, { detail }) {
        denied.push(String(detail?.values?.permission))
      },
    },
    log: createLog(
      { level: 'info', stream: { write: line => void log.push(JSON.parse(line)) } },
      systemClock,
    ),
    trustProxy: false,
    corsOrigins: [],
    docs: 'on',
    isStaff: who => who.isSuperuser,
    metrics: 'loopback',
    publicUrl: 'http://localhost:8000',
    version: '0.0.0',
    random: systemRandom,
    clock: systemClock,
    jwks: () => ({ keys: [] }),
    documentFiles,
    readiness: async () => ({ ready: true, checks: { store: 'ok' } }),
    tags: { Items: 'Things to try the engine with.' },
    ...options,
  })
  app.register('/api/test', routes)
  return { app: Object.assign(app, { inject: injectInto(app) }), log, denied }
}

const Item = Type.Object(
  { id: Type.Integer(), name: Type.String() },
  { $id: 'Item', additionalProperties: false },
)

const itemSuccess = (status: 200 | 201) => ({
  status,
  description: 'The item.',
  schema: Item,
  example: { id: 1, name: 'Lamp' },
})

const idParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })

export const testRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/items/',
    access: 'public',
    operationId: 'listItems',
    tag: 'Items',
    summary: 'List items',
    description: 'Every item.',
    query: Type.Object(
      {
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
        active: Type.Optional(Type.Boolean()),
        search: Type.Optional(Type.String({ maxLength: 10 })),
        since: Type.Optional(Type.String({ format: 'date-time' })),
      },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'What was asked.',
      schema: Type.Object({ query: Type.Unknown() }),
      example: { query: { limit: 1 } },
    },
    handler: ({ query }) => ({ query }),
  }),
  route({
    method: 'POST',
    path: '/items/',
    access: { resource_name: 'items' },
    operationId: 'createItem',
    tag: 'Items',
    summary: 'Create an item',
    description: 'A new item.',
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 20 }),
        code: Type.Optional(Type.String({ pattern: '^[a-z]+$', 'x-message': 'code_name.invalid' })),
        note: Type.Optional(Type.Union([Type.String({ maxLength: 5 }), Type.Null()])),
        checks: Type.Optional(
          Type.Array(Type.Object({ action: Type.String() }, { additionalProperties: false }), {
            maxItems: 3,
          }),
        ),
      },
      { $id: 'ItemCreate', additionalProperties: false, 'x-read-only': ['id'] },
    ),
    bodyExample: { name: 'Lamp' },
    success: itemSuccess(201),
    rejections: ['conflict'],
    handler: ({ body }) => ({ id: 1, name: body.name }),
  }),
  route({
    method: 'GET',
    path: '/items/:id/',
    deprecatedPaths: ['/itmes/:id/'],
    access: { resource_name: 'items' },
    operationId: 'getItem',
    tag: 'Items',
    summary: 'Read an item',
    description: 'One item.',
    params: idParams,
    success: itemSuccess(200),
    rejections: ['not_found'],
    handler: ({ params }) => ({ id: params.id, name: 'Lamp' }),
  }),
  route({
    method: 'DELETE',
    path: '/items/:id/',
    access: { resource_name: 'items' },
    operationId: 'deleteItem',
    tag: 'Items',
    summary: 'Delete an item',
    description: 'One item less.',
    params: idParams,
    success: { status: 204, description: 'It is gone.' },
    rejections: ['not_found'],
    handler: () => undefined,
  }),
  route({
    method: 'POST',
    path: '/items/:id/approve/',
    access: { resource_name: 'items', action: 'approve' },
    operationId: 'approveItem',
    tag: 'Items',
    summary: 'Approve an item',
    description: 'Needs no body.',
    params: idParams,
    success: { status: 204, description: 'It is approved.' },
    handler: () => undefined,
  }),
  route({
    method: 'GET',
    path: '/whoami/',
    access: 'authenticated',
    operationId: 'whoAmI',
    tag: 'Items',
    summary: 'Who am I',
    description: 'The caller and where the call comes from.',
    success: {
      status: 200,
      description: 'The caller.',
      schema: Type.Object({ id: Type.Integer(), ip_address: Type.String(), user_agent: Type.String() }),
      example: { id: 1, ip_address: '192.0.2.1', user_agent: 'curl/8' },
    },
    handler: ({ principal, origin }) => ({
      id: principal.userId,
      ip_address: origin.ipAddress,
      user_agent: origin.userAgent,
    }),
  }),
  route({
    method: 'POST',
    path: '/fault/',
    access: 'public',
    operationId: 'fault',
    tag: 'Items',
    summary: 'Fail',
    description: 'A defect.',
    success: { status: 204, description: 'Never.' },
    handler: () => {
      throw new Error('the secret inside', { cause: new Error('deeper') })
    },
  }),
]
