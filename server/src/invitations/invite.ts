import { assertKnownRoles, checkRoleListLength, lockRoles, roleListLength } from '../access/index.ts'
import { networkOf } from '../addresses/index.ts'
import type { AuditAction } from '../audit/index.ts'
import { acceptedEmail, assertUntaken, type OwnFields, validatePerson } from '../identity/index.ts'
import {
  type ClientInfo,
  type EpochMs,
  type InvitationId,
  invalidField,
  isKeyPrincipal,
  type Locale,
  message,
  type Principal,
  type ProofId,
  Rejection,
  type RoleId,
  takenField,
} from '../kernel/index.ts'
import type { Proof } from '../proofs/index.ts'
import { assertMayGive } from './check-roles.ts'
import {
  type Invitation,
  type InvitationDeps,
  type InvitationStores,
  invitationTarget,
} from './invitation.ts'

interface Act {
  readonly principal: Principal
  readonly origin: ClientInfo
}

export interface NewInvitee {
  /** As it was presented. */
  readonly email: string
  readonly own: OwnFields
  /** Code names. */
  readonly roles: readonly string[]
  readonly locale: Locale | null
}

export interface SentInvitation {
  readonly invitation: Invitation
  /** SECRET: to be handed over where this server sends no mail; null where it was sent. */
  readonly link: string | null
}

/**
 * Invites a person to open an account: sends the mail, or gives the link where this server sends none. Refuses with `invalid_request`
 * (every field named), `permission_denied` (a role that the caller may not give), `conflict` (the address has an account, or an
 * invitation that waits) or `too_many_requests`.
 */
export async function invite(
  deps: InvitationDeps,
  act: Act,
  { email: presented, own, roles: names, locale }: NewInvitee,
): Promise<SentInvitation> {
  const nowMs = deps.clock.nowMs()
  const email = acceptedEmail(validatePerson({ ...own, email: presented }))
  await takeMail(deps, act, email, nowMs)
  return deps.transaction(async stores => {
    const roleIds = await rolesToGive(stores, act.principal, names)
    await assertUntaken(stores.users, email)
    await stores.invitations.endExpired(email, nowMs)
    const { proof, link } = await sendProof(deps, stores, { email, locale }, nowMs)
    const id = await stores.invitations.add(
      { email, own, locale, roleIds, ...sentBy(act.principal, proof) },
      nowMs,
    )
    if (id === undefined) throw takenField('email', message('invitation.pending'))
    return finish(stores, act, { id, action: 'invitation.create', link, nowMs })
  })
}

/**
 * Sends an invitation that was not accepted once more, with a new secret and seven more days; the link before it works no more. Who
 * sends it answers for it from then on. Refuses with `not_found`, `permission_denied` (as `invite` does), `conflict` (accepted, revoked,
 * the address has an account, or a newer invitation waits) or `too_many_requests`.
 */
export async function resendInvitation(
  deps: InvitationDeps,
  act: Act,
  id: InvitationId,
): Promise<SentInvitation> {
  const nowMs = deps.clock.nowMs()
  const known = await deps.stores.invitations.findById(id)
  if (known === undefined) throw new Rejection('not_found')
  await takeMail(deps, act, known.email, nowMs)
  return deps.transaction(async stores => {
    const { email, locale } = await assertOpen(stores, act.principal, await stores.invitations.lock(id))
    if ((await stores.users.findByEmail(email)) !== undefined)
      throw new Rejection('conflict', { detail: message('email.taken') })
    // Before the new one is added: it must not end it.
    await stores.proofs.cancelKind('invitation', email, nowMs)
    const { proof, link } = await sendProof(deps, stores, { email, locale }, nowMs)
    if (!(await stores.invitations.resend(id, sentBy(act.principal, proof), nowMs)))
      throw new Rejection('conflict', { detail: message('invitation.pending') })
    return finish(stores, act, { id, action: 'invitation.resend', link, nowMs })
  })
}

/**
 * Takes an invitation back: its link and its code work no more. Harmless when it is revoked already. Refuses with `not_found`,
 * `permission_denied` (it has a role that the caller could not give) or `conflict` (it was accepted).
 */
export async function revokeInvitation(deps: InvitationDeps, act: Act, id: InvitationId): Promise<void> {
  const nowMs = deps.clock.nowMs()
  await deps.transaction(async stores => {
    const invitation = await stores.invitations.lock(id)
    if (invitation?.state === 'revoked') return
    const { email, state } = await assertOpen(stores, act.principal, invitation)
    await stores.invitations.revoke(id, nowMs)
    // One that has expired has no proof that works; that of a newer invitation to the address is not its own.
    if (state === 'pending') await stores.proofs.cancelKind('invitation', email, nowMs)
    await record(stores, act, { id, action: 'invitation.revoke', details: { email }, nowMs })
  })
}

/** The caller is known and may know why: each of these limits is told. Nothing is sent, and so nothing counted, without mail. */
async function takeMail(
  { throttle, isMailOn }: InvitationDeps,
  { principal, origin }: Act,
  email: string,
  nowMs: EpochMs,
): Promise<void> {
  if (!isMailOn) return
  await throttle.take('mail_inviter', String(principal.userId), nowMs)
  await throttle.take('mail_network', networkOf(origin.ipAddress), nowMs)
  await throttle.take('mail_address', email, nowMs)
  // A share of their own: callers who are not signed in cannot use it up.
  await throttle.take('mail_total', 'invitations', nowMs)
}

/** The ids of the roles, which the caller may give and an account may hold together. */
async function rolesToGive(
  stores: InvitationStores,
  principal: Principal,
  names: readonly string[],
): Promise<readonly RoleId[]> {
  const found = await stores.roles.findByCodeNames(names)
  const locked = await lockRoles(
    stores,
    found.map(role => role.id),
  )
  assertKnownRoles(names, locked)
  const fault = checkRoleListLength(roleListLength(locked.map(role => role.codeName)), 'roles.too_long')
  if (fault !== undefined) throw invalidField('roles', fault)
  const ids = locked.map(role => role.id)
  await assertMayGive(stores, principal, ids)
  return ids
}

/** The invitation, which is neither accepted nor revoked, and whose roles the caller may give. */
async function assertOpen(
  stores: InvitationStores,
  principal: Principal,
  invitation: Invitation | undefined,
): Promise<Invitation> {
  if (invitation === undefined) throw new Rejection('not_found')
  await assertMayGive(stores, principal, await stores.invitations.roleIdsOf(invitation.id))
  if (invitation.state === 'accepted' || invitation.state === 'revoked')
    throw new Rejection('conflict', { detail: message('invitation.finished') })
  return invitation
}

async function sendProof(
  { secrets }: Pick<InvitationDeps, 'secrets'>,
  { proofs, outbox }: InvitationStores,
  { email, locale }: Pick<Invitation, 'email' | 'locale'>,
  nowMs: EpochMs,
): Promise<{ readonly proof: Proof; readonly link: string | null }> {
  const by = outbox.isOn ? 'mail' : 'link'
  const proof = await proofs.add({ kind: 'invitation', userId: null, email, details: { by } }, nowMs)
  if (by === 'link') return { proof, link: secrets.linkOf(proof) }
  const mail = { kind: 'invitation', locale, toEmail: email, userId: null, proofId: proof.id } as const
  await outbox.add({ ...mail, details: {} }, nowMs)
  return { proof, link: null }
}

const sentBy = (principal: Principal, { id: proofId, expiresAtMs }: Proof) => ({
  inviter: {
    userId: principal.userId,
    apiKeyId: isKeyPrincipal(principal) ? principal.apiKeyId : null,
  },
  proofId: proofId as ProofId,
  expiresAtMs,
})

interface Recorded {
  readonly id: InvitationId
  readonly action: AuditAction
  readonly nowMs: EpochMs
}

async function finish(
  stores: InvitationStores,
  act: Act,
  { link, ...recorded }: Recorded & { readonly link: string | null },
): Promise<SentInvitation> {
  const invitation = (await stores.invitations.findById(recorded.id))!
  const { email, roles } = invitation
  await record(stores, act, {
    ...recorded,
    details: { email, roles, by: link === null ? 'mail' : 'link' },
  })
  return { invitation, link }
}

const record = (
  { audit }: Pick<InvitationStores, 'audit'>,
  { principal, origin }: Act,
  { id, action, details, nowMs }: Recorded & { readonly details: Readonly<Record<string, unknown>> },
): Promise<void> =>
  audit.append({ actorId: principal.userId, action, target: invitationTarget(id), origin, details }, nowMs)
