import {
  type AuthenticationRequirement,
  type CallerAuthentication,
  type Grants,
  isAuthenticatedEnough,
} from '@propusk/gate/core'
import { type Clock, type EpochMs, type Principal, splitPermissionName } from '../kernel/index.ts'
import { type Answering, answeringRule, type ForwardedRequest, type ForwardRule } from './forward-rule.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'

/** Why a request passes or does not. */
export const reasons = [
  'public',
  'signed_in',
  'permission_held',
  'not_signed_in',
  'permission_missing',
  'step_up',
  'key_cannot_step_up',
  'permission_deleted',
  'no_rule',
  'method_not_named',
  'other_case',
  'ambiguous_request',
] as const
type Reason = (typeof reasons)[number]

export interface ForwardVerdict {
  readonly status: 200 | 401 | 403
  readonly because: Reason
  readonly rule: ForwardRule | null
  /** What would be enough, where that is the reason. */
  readonly stepUp?: AuthenticationRequirement
}

interface RulesRead {
  /** Committed state: each request reads the rules, so that a change counts on every node at once (ADR 42). */
  readonly forwardRules: Pick<ForwardRuleStore, 'listFor'>
  readonly clock: Clock
}

/** The one who asks, who is signed in. */
export interface ForwardCaller {
  /** Whether the permission is held; `with_factor` where only a role holds it that asks for a second factor (ADR 49). */
  holds(resource: string, action: string): 'held' | 'with_factor' | 'missing'
  /** Undefined of an API key, which can prove nothing. */
  readonly authentication: CallerAuthentication | undefined
  readonly nowMs: EpochMs
}

/** The rule that answers for this request, as the database says now. */
export const findAnswering = async (
  { forwardRules }: Pick<RulesRead, 'forwardRules'>,
  request: ForwardedRequest,
): Promise<Answering> => answeringRule(await forwardRules.listFor(request.host), request)

const reasonWithoutRule = { no_rule: 'no_rule', method: 'method_not_named', case: 'other_case' } as const

/** What becomes of the request. `caller` is undefined where none is signed in. */
export function decide(answering: Answering, caller: ForwardCaller | undefined): ForwardVerdict {
  if (answering.found !== 'rule')
    return { status: 403, because: reasonWithoutRule[answering.found], rule: null }
  const { rule } = answering
  if (rule.access === 'public') return { status: 200, because: 'public', rule }
  if (caller === undefined) return { status: 401, because: 'not_signed_in', rule }
  if (rule.access === 'signed_in') return withLevel({ status: 200, because: 'signed_in', rule }, rule, caller)
  if (rule.access === null) return { status: 403, because: 'permission_deleted', rule }
  const { resource, action } = splitPermissionName(rule.access)!
  const held = caller.holds(resource, action)
  if (held === 'missing') return { status: 403, because: 'permission_missing', rule }
  const asked = held === 'held' ? rule : { ...rule, acr: 'aal2' as const }
  return withLevel({ status: 200, because: 'permission_held', rule }, asked, caller)
}

/** The same verdict for a caller who is authenticated as the rule asks, after the permission. */
function withLevel(
  passing: ForwardVerdict,
  { acr, maxAgeSeconds }: Pick<ForwardRule, 'acr' | 'maxAgeSeconds'>,
  { authentication, nowMs }: ForwardCaller,
): ForwardVerdict {
  if (acr === null && maxAgeSeconds === null) return passing
  const { rule } = passing
  if (authentication === undefined) return { status: 403, because: 'key_cannot_step_up', rule }
  const stepUp = { ...(acr && { acr }), ...(maxAgeSeconds !== null && { maxAgeSeconds }) }
  return isAuthenticatedEnough(authentication, stepUp, nowMs)
    ? passing
    : { status: 401, because: 'step_up', rule, stepUp }
}

/** What is told of a caller to the service behind the proxy. */
export interface Identity {
  readonly principal: Principal
  readonly email: string
}

export type Allows = (grants: Grants, resource: string, action: string) => boolean
