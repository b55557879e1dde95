import type { Acr } from '@propusk/gate/core'
import type { GrantsStore } from '../access/index.ts'
import {
  IdParams,
  type ListSpec,
  listParameters,
  type Pager,
  type PreconditionOn,
  pageSchema,
  type RequestGuard,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { type ForwardRuleId, type Principal, Rejection, type UserId } from '../kernel/index.ts'
import {
  type Allows,
  decide,
  type ForwardCaller,
  type ForwardVerdict,
  findAnswering,
} from './decide-forward.ts'
import { type ForwardMethod, type ForwardRule, forwardMethods, readHost } from './forward-rule.ts'
import type { ForwardRuleColumn, ForwardRuleStore } from './forward-rule-store.sql.ts'
import {
  createForwardRule,
  deleteForwardRule,
  type ForwardRuleDeps,
  updateForwardRule,
} from './manage-forward-rules.ts'
import { readPath } from './read-path.ts'
import {
  ForwardAnswerBody,
  ForwardRuleBody,
  ForwardRulePatchBody,
  ForwardRuleWriteBody,
  forwardRuleEtag,
  forwardRuleExample,
  toForwardRuleBody,
} from './schemas.ts'

interface ForwardRuleRouteDeps extends ForwardRuleDeps {
  /** Committed state. */
  readonly forwardRules: ForwardRuleStore
  readonly userGrants: GrantsStore
  readonly guard: Pick<RequestGuard, 'permits' | 'refusalOf'>
  readonly allows: Allows
  readonly pager: Pager
}

const tag = 'Forward-auth'
const permitted = { resource_name: 'forward_rules' } as const

const forwardRuleList: ListSpec<ForwardRule, ForwardRuleColumn> = {
  path: '/api/auth/forward_rules/',
  orderings: { id: rule => rule.id, host: rule => rule.host },
  defaultOrdering: 'id',
  idOf: rule => rule.id,
}

const answer = (description: string) =>
  ({
    status: 200,
    description,
    schema: ForwardRuleBody,
    example: forwardRuleExample,
    etag: forwardRuleEtag,
  }) as const

const onRule = (precondition: PreconditionOn) =>
  precondition((rule: ForwardRule) => forwardRuleEtag(toForwardRuleBody(rule)))

const { id: _, created_at: __, ...writeExample } = forwardRuleExample

export const forwardRuleRoutes = (deps: ForwardRuleRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/forward_rules/',
    access: permitted,
    operationId: 'listForwardRules',
    tag,
    summary: 'List forward-auth rules',
    description:
      'A page of the rules by which a proxy that asks is answered. `search` looks into host and path.',
    query: Type.Object({ ...listParameters, search: searchParameter }, { additionalProperties: false }),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(ForwardRuleBody, 'ForwardRulePage'),
      example: { next: null, previous: null, results: [forwardRuleExample] },
    },
    async handler({ query }) {
      const page = await deps.forwardRules.list(deps.pager.read(forwardRuleList, query))
      return deps.pager.answer(forwardRuleList, query, page, toForwardRuleBody)
    },
  }),

  route({
    method: 'POST',
    path: '/forward_rules/',
    access: permitted,
    operationId: 'createForwardRule',
    tag,
    summary: 'Add a forward-auth rule',
    description:
      'Of all rules the one with the most specific host answers, then the longest path, then the method; where none does, no one passes. The rule counts for the next request, on every node.',
    body: ForwardRuleWriteBody,
    bodyExample: writeExample,
    success: { ...answer('The rule.'), status: 201 },
    rejections: ['conflict'],
    async handler({ principal, body, origin }) {
      const methods = (body.methods ?? null) as readonly ForwardMethod[] | null
      const { acr = null, max_age: maxAgeSeconds = null, ...named } = body
      const wanted = { ...named, methods, acr, maxAgeSeconds }
      return toForwardRuleBody(await createForwardRule(deps, { principal, origin }, wanted))
    },
  }),

  route({
    method: 'GET',
    path: '/forward_rules/answer/',
    access: permitted,
    operationId: 'findForwardAnswer',
    tag,
    summary: 'Ask which rule would answer',
    description:
      'What a proxy would be told about this request: without a sign-in, or by the named user, for which `users:read` is needed, too.',
    query: Type.Object(
      {
        host: Type.String({ minLength: 1, maxLength: 300 }),
        path: Type.String({ minLength: 1, maxLength: 2000, description: 'As it stands in the address.' }),
        method: Type.Optional(Type.Enum([...forwardMethods], { default: 'GET' })),
        user_id: Type.Optional(Type.Integer({ minimum: 1 })),
        acr: Type.Optional(
          Type.Enum(['aal1', 'aal2'], {
            default: 'aal1',
            description: 'The level of the session that is asked about, which has just been proved.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'The answer, the reason, and the rule.',
      schema: ForwardAnswerBody,
      example: { status: 200, because: 'permission_held', rule: forwardRuleExample },
    },
    rejections: ['permission_denied', 'not_found'],
    async handler({ principal, query }) {
      const { user_id, acr = 'aal1', method = 'GET' } = query
      const caller = await callerAskedAbout(deps, principal, { userId: user_id as UserId | undefined, acr })
      const { status, because, rule } = await answerOf(deps, { ...query, method }, caller)
      return { status, because, rule: rule && toForwardRuleBody(rule) }
    },
  }),

  route({
    method: 'GET',
    path: '/forward_rules/:id/',
    access: permitted,
    operationId: 'readForwardRule',
    tag,
    summary: 'Read a forward-auth rule',
    description: 'One rule.',
    params: IdParams,
    success: answer('The rule.'),
    rejections: ['not_found'],
    async handler({ params }) {
      const rule = await deps.forwardRules.findById(params.id as ForwardRuleId)
      if (rule === undefined) throw new Rejection('not_found')
      return toForwardRuleBody(rule)
    },
  }),

  route({
    method: 'PATCH',
    path: '/forward_rules/:id/',
    access: permitted,
    operationId: 'changeForwardRule',
    tag,
    summary: 'Change a forward-auth rule',
    description: 'Changes what is named. It counts for the next request, on every node.',
    params: IdParams,
    body: ForwardRulePatchBody,
    bodyExample: { access: 'signed_in' },
    takesIfMatch: true,
    success: answer('The rule as it is now.'),
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, body, origin, precondition }) {
      const caller = { principal, origin, precondition: onRule(precondition) }
      const { max_age: maxAgeSeconds, ...named } = body
      const changes = {
        ...named,
        ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
      } as Parameters<typeof updateForwardRule>[3]
      return toForwardRuleBody(await updateForwardRule(deps, caller, params.id as ForwardRuleId, changes))
    },
  }),

  route({
    method: 'DELETE',
    path: '/forward_rules/:id/',
    access: permitted,
    operationId: 'deleteForwardRule',
    tag,
    summary: 'Remove a forward-auth rule',
    description: 'From now on a broader rule answers, or none, and then no one passes.',
    params: IdParams,
    takesIfMatch: true,
    success: { status: 204, description: 'The rule is gone.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin, precondition }) {
      const caller = { principal, origin, precondition: onRule(precondition) }
      await deleteForwardRule(deps, caller, params.id as ForwardRuleId)
    },
  }),
]

async function callerAskedAbout(
  { guard, userGrants, allows, clock }: ForwardRuleRouteDeps,
  principal: Principal,
  { userId, acr }: { readonly userId: UserId | undefined; readonly acr: Acr },
): Promise<ForwardCaller | undefined> {
  if (userId === undefined) return undefined
  if (!guard.permits(principal, 'users', 'read')) throw guard.refusalOf(principal, 'users', 'read')
  const grants = await userGrants.find(userId)
  if (grants === undefined) throw new Rejection('not_found')
  if (!grants.isActive) return undefined
  const nowMs = clock.nowMs()
  return {
    holds(resource, action) {
      if (allows({ ...grants, acr }, resource, action)) return 'held'
      return allows({ ...grants, acr: 'aal2' }, resource, action) ? 'with_factor' : 'missing'
    },
    authentication: { acr, authTimeMs: nowMs },
    nowMs,
  }
}

async function answerOf(
  deps: ForwardRuleRouteDeps,
  query: { readonly host: string; readonly path: string; readonly method: string },
  caller: ForwardCaller | undefined,
): Promise<ForwardVerdict> {
  const host = readHost(query.host)
  const read = readPath(query.path)
  if (host === undefined || !read.ok) return { status: 403, because: 'ambiguous_request', rule: null }
  const answering = await findAnswering(deps, { host, path: read.path, method: query.method })
  return decide(answering, caller)
}
