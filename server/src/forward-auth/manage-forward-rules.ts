import { type AccessStores, differences, parsePermissionNames, record } from '../access/index.ts'
import {
  type ClientInfo,
  type ConditionalCaller,
  type ForwardRuleId,
  invalidField,
  message,
  type PermissionId,
  type Principal,
  Rejection,
  type TimeSource,
  type Transact,
} from '../kernel/index.ts'
import { covers, type ForwardMethod, type ForwardRule, isRuleHost, isRulePath } from './forward-rule.ts'
import type { ForwardRuleStore, WrittenRule } from './forward-rule-store.sql.ts'

type Stores = AccessStores & { readonly forwardRules: ForwardRuleStore }

export interface ForwardRuleDeps {
  readonly transaction: Transact<Stores>
  readonly clock: TimeSource
}

interface Caller {
  readonly principal: Principal
  readonly origin: ClientInfo
}

/** What a caller writes: without ids, and with the permission by its name. */
type WantedRule = Pick<ForwardRule, 'host' | 'path' | 'methods' | 'acr' | 'maxAgeSeconds'> & {
  readonly access: string
}

/**
 * Adds a rule. Rejects with `invalid_request` a host, a path or an access that is none, and with `conflict` one that
 * another rule of the same host and path answers in part: which of the two counts would be unclear.
 */
export async function createForwardRule(
  { transaction, clock }: ForwardRuleDeps,
  caller: Caller,
  wanted: WantedRule,
): Promise<ForwardRule> {
  const nowMs = clock.nowMs()
  return await transaction(async stores => {
    const written = await toWritten(stores, wanted)
    await assertNoOverlap(stores, written)
    const id = await stores.forwardRules.add(written, nowMs)
    const added = (await stores.forwardRules.findById(id))!
    await record(
      stores,
      { ...caller, nowMs },
      { action: 'forward_rule.create', target: `forward_rules/${id}`, details: toAudit(added) },
    )
    return added
  })
}

/** Changes what is named. Rejects as `createForwardRule`, and with `not_found`. */
export async function updateForwardRule(
  { transaction, clock }: ForwardRuleDeps,
  caller: Caller & Pick<ConditionalCaller<ForwardRule>, 'precondition'>,
  id: ForwardRuleId,
  changes: Partial<WantedRule>,
): Promise<ForwardRule> {
  const act = { ...caller, nowMs: clock.nowMs() }
  return await transaction(async stores => {
    const found = await lockRule(stores, id)
    caller.precondition?.(found)
    const access = changes.access ?? found.access
    if (access === null) throw invalidField('access', message('forward.access'))
    const written = await toWritten(stores, { ...found, ...changes, access })
    await assertNoOverlap(stores, written, id)
    await stores.forwardRules.update(id, written)
    const after = (await stores.forwardRules.findById(id))!
    const changed = differences(toAudit(found), toAudit(after))
    if (changed !== undefined)
      await record(stores, act, {
        action: 'forward_rule.update',
        target: `forward_rules/${id}`,
        details: changed,
      })
    return after
  })
}

/** Removes a rule. Rejects with `not_found`. */
export async function deleteForwardRule(
  { transaction, clock }: ForwardRuleDeps,
  caller: Caller & Pick<ConditionalCaller<ForwardRule>, 'precondition'>,
  id: ForwardRuleId,
): Promise<void> {
  const act = { ...caller, nowMs: clock.nowMs() }
  await transaction(async stores => {
    const found = await lockRule(stores, id)
    caller.precondition?.(found)
    await stores.forwardRules.delete(id)
    await record(stores, act, {
      action: 'forward_rule.delete',
      target: `forward_rules/${id}`,
      details: toAudit(found),
    })
  })
}

async function lockRule(stores: Stores, id: ForwardRuleId): Promise<ForwardRule> {
  await stores.permissions.lockAccess()
  const found = await stores.forwardRules.lock(id)
  if (found === undefined) throw new Rejection('not_found')
  return found
}

async function toWritten(
  stores: Stores,
  { host, path, methods, access, acr, maxAgeSeconds }: WantedRule,
): Promise<WrittenRule> {
  if (!isRuleHost(host)) throw invalidField('host', message('forward.host'))
  if (!isRulePath(path)) throw invalidField('path', message('forward.path'))
  // On a public path the caller is not asked for.
  if (access === 'public' && (acr !== null || maxAgeSeconds !== null)) {
    throw invalidField(acr === null ? 'max_age' : 'acr', message('forward.public_level'))
  }
  // One writer at a time: the permission stays, and no overlapping rule is written beside this one.
  await stores.permissions.lockAccess()
  const sorted = methods === null ? null : ([...new Set(methods)].sort() as ForwardMethod[])
  const rule = { host, path, methods: sorted, acr, maxAgeSeconds }
  if (access === 'public' || access === 'signed_in') return { ...rule, access, permissionId: null }
  return { ...rule, access: 'permission', permissionId: await permissionIdOf(stores, access) }
}

async function permissionIdOf({ permissions }: Stores, access: string): Promise<PermissionId> {
  if (!access.includes(':')) throw invalidField('access', message('forward.access'))
  const { ids, unknown } = await permissions.ensure(parsePermissionNames([access]))
  if (unknown.length > 0) throw invalidField('access', message('permission.unknown', { permission: access }))
  return ids[0]!
}

/** INVARIANT: of two rules of one host and path, no method is in both. */
async function assertNoOverlap(
  { forwardRules }: Stores,
  rule: WrittenRule,
  id?: ForwardRuleId,
): Promise<void> {
  const others = (await forwardRules.listAt(rule)).filter(other => other.id !== id)
  const isShared = (other: ForwardRule) =>
    other.methods === null || rule.methods === null || rule.methods.some(method => isSame(other, method))
  if (others.some(isShared)) {
    throw new Rejection('conflict', { errors: { methods: [message('forward.overlap')] } })
  }
}

const isSame = (other: ForwardRule, method: ForwardMethod): boolean =>
  covers(other, method) || (method === 'GET' && other.methods!.includes('HEAD'))

const toAudit = ({ host, path, methods, access, acr, maxAgeSeconds }: ForwardRule) => ({
  host,
  path,
  methods,
  access,
  acr,
  max_age: maxAgeSeconds,
})
