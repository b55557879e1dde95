import { replaceRoles } from '../access/index.ts'
import {
  assertUntaken,
  emailTaken,
  initialFields,
  type OwnFields,
  ownTexts,
  pickOwnFields,
  type User,
} from '../identity/index.ts'
import type { ClientInfo, EpochMs } from '../kernel/index.ts'
import { findProof, type PresentedProof, type Proof, uselessProof } from '../proofs/index.ts'
import { validateRegistration } from '../sign-in/index.ts'
import { checkRoles, mayStillInvite } from './check-roles.ts'
import {
  type Invitation,
  type InvitationDeps,
  type InvitationStores,
  invitationTarget,
} from './invitation.ts'

interface Reading {
  readonly presented: PresentedProof
  readonly origin: ClientInfo
}

/** What its reader is told before anything is typed. */
export interface ReadInvitation {
  readonly invitation: Invitation
  /** The name of who invites, or the address where there is no name. */
  readonly invitedBy: string
  /** Whether the address has an account by now: then it cannot be accepted. */
  readonly hasAccount: boolean
}

/**
 * The invitation whose link or code is shown; changes nothing. Refuses with `invalid_request`, one answer for whatever does not work, or
 * with `too_many_requests`.
 */
export async function readInvitation(deps: InvitationDeps, reading: Reading): Promise<ReadInvitation> {
  const { invitation } = await findPresented(deps, reading, deps.clock.nowMs())
  const { users } = deps.stores
  const [inviter, account] = await Promise.all([
    users.findById(invitation.inviter.userId),
    users.findByEmail(invitation.email),
  ])
  return { invitation, invitedBy: nameOf(inviter!), hasAccount: account !== undefined }
}

const nameOf = (user: User): string => ownTexts(user).filter(Boolean).join(' ') || user.email

interface Acceptance extends Reading {
  readonly password: string
  readonly password2: string
  /** Those that are given take the place of the inviter's. */
  readonly own: Partial<OwnFields>
}

export interface AcceptedInvitation {
  readonly user: User
  /** Code names, sorted. */
  readonly roles: readonly string[]
}

/**
 * Opens the account of an invitation. Its roles are checked anew: those that the inviter could not give now are left out, and where the
 * inviter could not invite at all the invitation does not work (ADR 48). Begins no session. Refuses with `invalid_request` (a proof that
 * does not work; every field that does not fit, which leaves the proof as it was), `conflict` (the address has an account by now) or
 * `too_many_requests`.
 */
export async function acceptInvitation(
  deps: InvitationDeps,
  acceptance: Acceptance,
): Promise<AcceptedInvitation> {
  const nowMs = deps.clock.nowMs()
  const { proof, invitation } = await findPresented(deps, acceptance, nowMs)
  const own = { ...invitation.own, ...acceptance.own }
  validateRegistration(deps, { ...acceptance, ...own, email: invitation.email })
  // A look before the costly hash; the unique index decides in any case.
  await assertUntaken(deps.stores.users, invitation.email)
  const passwordHash = await deps.hasher.hash(acceptance.password)
  const checked = { ...acceptance, proof, invitation, own, passwordHash, nowMs }
  return deps.transaction(stores => write(stores, checked))
}

async function findPresented(
  deps: InvitationDeps,
  { presented, origin }: Reading,
  nowMs: EpochMs,
): Promise<{ readonly proof: Proof; readonly invitation: Invitation }> {
  const proof = await findProof(deps, { presented, kinds: ['invitation'], origin, nowMs })
  const invitation = await deps.stores.invitations.findByProof(proof.id)
  if (invitation === undefined || !(await mayStillInvite(deps.stores, invitation.inviter, nowMs)))
    throw uselessProof(presented)
  return { proof, invitation }
}

interface CheckedAcceptance extends Acceptance {
  readonly proof: Proof
  readonly invitation: Invitation
  readonly own: OwnFields
  readonly passwordHash: string
  readonly nowMs: EpochMs
}

/**
 * INVARIANT: the proof is consumed in the transaction of its effect: of any number of callers one opens the account. The invitation is
 * locked first, as where it is sent again or revoked, so that these wait for each other and do not deadlock.
 */
async function write(
  stores: InvitationStores,
  { presented, origin, proof, invitation: { id, email }, own, passwordHash, nowMs }: CheckedAcceptance,
): Promise<AcceptedInvitation> {
  const invitation = await stores.invitations.lock(id)
  if (invitation === undefined || !(await stores.proofs.consume(proof.id, nowMs)))
    throw uselessProof(presented)
  if (!(await mayStillInvite(stores, invitation.inviter, nowMs))) throw uselessProof(presented)
  // A link that an inviter hands over proves who it was given to, and nothing about the address.
  const emailVerified = proof.details.by === 'mail'
  const account = { ...initialFields, ...pickOwnFields(own), email, emailVerified, passwordHash }
  const user = await stores.users.add(account, nowMs)
  if (user === 'taken') throw emailTaken()
  if (!(await stores.invitations.accept({ id, proofId: proof.id }, user.id, nowMs)))
    throw uselessProof(presented)
  const { given, leftOut } = await giveRoles(stores, invitation, user, nowMs)
  await stores.audit.append(
    {
      actorId: user.id,
      action: 'invitation.accept',
      target: invitationTarget(id),
      origin,
      details: { email, roles: given, left_out: leftOut, by: 'token' in presented ? 'link' : 'code' },
    },
    nowMs,
  )
  return { user, roles: given }
}

async function giveRoles(
  stores: InvitationStores,
  invitation: Invitation,
  { id: userId }: User,
  nowMs: EpochMs,
) {
  const checked = await checkRoles(stores, invitation)
  // The rank of the inviter has just been checked, role by role, on rows that are locked.
  if (checked.given.length > 0)
    await replaceRoles(stores, { principal: null, userId, roles: checked.given, nowMs })
  return checked
}
