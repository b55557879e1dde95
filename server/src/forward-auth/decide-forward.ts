import type { Grants } from '@propusk/gate/core'
import { type Clock, type Principal, splitPermissionName } from '../kernel/index.ts'
import { type Answering, answeringRule, type ForwardedRequest, type ForwardRule } from './forward-rule.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'

/** Why a request passes or does not. */
export const reasons = [
  'public',
  'signed_in',
  'permission_held',
  'not_signed_in',
  'permission_missing',
  'permission_deleted',
  'no_rule',
  'method_not_named',
  'other_case',
  'ambiguous_request',
] as const
export type Reason = (typeof reasons)[number]

export interface ForwardVerdict {
  readonly status: 200 | 401 | 403
  readonly because: Reason
  readonly rule: ForwardRule | null
}

export interface RulesRead {
  /** Committed state: each request reads the rules, so that a change counts on every node at once (ADR 42). */
  readonly forwardRules: Pick<ForwardRuleStore, 'listFor'>
  readonly clock: Clock
}

/** Whether the one who asks holds a permission; undefined where the caller is not signed in. */
export type Holds = ((resource: string, action: string) => boolean) | undefined

/** The rule that answers for this request, as the database says now. */
export const findAnswering = async (
  { forwardRules }: Pick<RulesRead, 'forwardRules'>,
  request: ForwardedRequest,
): Promise<Answering> => answeringRule(await forwardRules.listFor(request.host), request)

const reasonWithoutRule = { no_rule: 'no_rule', method: 'method_not_named', case: 'other_case' } as const

/** What becomes of the request. */
export function decide(answering: Answering, holds: Holds): ForwardVerdict {
  if (answering.found !== 'rule')
    return { status: 403, because: reasonWithoutRule[answering.found], rule: null }
  const { rule } = answering
  if (rule.access === 'public') return { status: 200, because: 'public', rule }
  if (holds === undefined) return { status: 401, because: 'not_signed_in', rule }
  if (rule.access === 'signed_in') return { status: 200, because: 'signed_in', rule }
  if (rule.access === null) return { status: 403, because: 'permission_deleted', rule }
  const { resource, action } = splitPermissionName(rule.access)!
  return holds(resource, action)
    ? { status: 200, because: 'permission_held', rule }
    : { status: 403, because: 'permission_missing', rule }
}

/** What is told of a caller to the service behind the proxy. */
export interface Identity {
  readonly principal: Principal
  readonly email: string
}

export type Allows = (grants: Grants, resource: string, action: string) => boolean
