import assert from 'node:assert/strict'
import type { ProofId } from '../../server/src/kernel/index.ts'
import {
  createProofSecrets,
  type NewProof,
  type Proof,
  type ProofKind,
} from '../../server/src/proofs/index.ts'
import type { World } from './world.ts'

/** The settings of a server that sends mail; no mail server needs to be there, since no request waits for one. */
export const withMail = {
  PROPUSK_MAIL_URL: 'smtp://127.0.0.1:9',
  PROPUSK_MAIL_FROM: 'no-reply@example.org',
} as const

/** The same without a limit: for tests that ask every route as often as they like. */
export const withMuchMail = {
  ...withMail,
  PROPUSK_LIMIT_MAIL: 'off',
  PROPUSK_LIMIT_MAIL_NETWORK: 'off',
  PROPUSK_LIMIT_MAIL_TOTAL: 'off',
  PROPUSK_LIMIT_CODES: 'off',
  PROPUSK_LOGIN_CODE: 'on',
} as const

/** What the newest mail to an address brings. */
export interface SentProof {
  readonly proof: Proof
  readonly link: string
  readonly token: string
  readonly code: string
}

/** Reads what the mail of a proof would hold, as its sender does. */
export async function sentProof(world: World, kind: ProofKind, email: string): Promise<SentProof> {
  const sent = await findSentProof(world, kind, email)
  assert.ok(sent, `no mail of the kind ${kind} to ${email}`)
  return sent
}

/** The same where there may be none that works. */
export async function findSentProof(
  { core, server }: World,
  kind: ProofKind,
  email: string,
): Promise<SentProof | undefined> {
  const secrets = createProofSecrets(server.keys.masterKey, core.config.publicUrl)
  const [newest] = await core.stores.proofs.listLive(kind, email, core.clock.nowMs())
  if (newest === undefined) return undefined
  const proof = (await core.stores.proofs.findById(newest.id as ProofId))!
  return {
    proof,
    link: secrets.linkOf(proof),
    token: secrets.tokenOf(proof),
    code: secrets.codeOf(proof),
  }
}

/** Shows the mail that came with the registration. */
export async function proveAddress(world: World, email: string): Promise<void> {
  const { token } = await sentProof(world, 'email_verify', email)
  assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
}

/** A proof as a flow would make it, without its mail. */
export async function makeProof(
  { core, server }: World,
  { kind, userId = null, email, details = {} }: Partial<NewProof> & Pick<NewProof, 'kind' | 'email'>,
): Promise<string> {
  const secrets = createProofSecrets(server.keys.masterKey, core.config.publicUrl)
  const nowMs = core.clock.nowMs()
  const proof = await core.transaction(({ proofs }) => proofs.add({ kind, userId, email, details }, nowMs))
  return secrets.tokenOf(proof)
}

/** The mails in the outbox to an address, the oldest first. */
export const outboxOf = ({ core }: World, email: string) =>
  core.database.read
    .selectFrom('mail_outbox')
    .selectAll()
    .where('to_email', '=', email)
    .orderBy('id')
    .execute()
