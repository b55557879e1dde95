import { networkOf } from '../addresses/index.ts'
import {
  type ClientInfo,
  type EpochMs,
  invalidField,
  message,
  type Rejection,
  type Transact,
} from '../kernel/index.ts'
import type { Throttle } from '../throttle/index.ts'
import { isLiveProof, type Proof, type ProofKind } from './proof.ts'
import type { ProofSecrets } from './proof-secrets.ts'
import type { ProofStore } from './proof-store.sql.ts'

/** What a person shows of a mail: the token of its link, or the address and the code that was typed. */
export type PresentedProof =
  | { readonly token: string }
  | {
      /** Canonical; undefined when what was presented is no address at all. */
      readonly email: string | undefined
      readonly code: string
    }

export interface FindProofDeps {
  readonly secrets: ProofSecrets
  /** Committed state, read outside a transaction. */
  readonly proofs: Pick<ProofStore, 'findById'>
  readonly transaction: Transact<{ readonly proofs: ProofStore }>
  readonly throttle: Pick<Throttle, 'take'>
}

interface Presentation {
  readonly presented: PresentedProof
  /** What the proof may be of. */
  readonly kinds: readonly ProofKind[]
  readonly origin: ClientInfo
  readonly nowMs: EpochMs
}

/**
 * The live proof that was presented; the caller consumes it in the transaction of its effect, which decides. Refuses with
 * `invalid_request` in `errors.token` or `errors.code`, one answer for what is wrong, used, expired or of another kind, and
 * for an address that is unknown; or with `too_many_requests` after too many codes from one network.
 */
export async function findProof(deps: FindProofDeps, presentation: Presentation): Promise<Proof> {
  const { presented } = presentation
  const found =
    'token' in presented
      ? await findByToken(deps, presented.token, presentation)
      : await findByCode(deps, presented, presentation)
  if (found === undefined) throw uselessProof(presented)
  return found
}

/** What is said of a proof that does not work, or not any more. */
export const uselessProof = (presented: PresentedProof): Rejection =>
  'token' in presented
    ? invalidField('token', message('proof.useless_link'))
    : invalidField('code', message('proof.useless_code'))

async function findByToken(
  { secrets, proofs }: FindProofDeps,
  token: string,
  { kinds, nowMs }: Presentation,
): Promise<Proof | undefined> {
  const id = secrets.idOf(token)
  const proof = id === undefined ? undefined : await proofs.findById(id)
  if (proof === undefined || !kinds.includes(proof.kind) || !secrets.isTokenOf(proof, token)) return undefined
  return isLiveProof(proof, nowMs) ? proof : undefined
}

/** People type spaces and hyphens between digits that they read in groups. */
const digitsOf = (code: string): string => code.replace(/[\s-]/g, '')

async function findByCode(
  { secrets, transaction, throttle }: FindProofDeps,
  { email, code }: Extract<PresentedProof, { readonly code: string }>,
  { kinds, origin, nowMs }: Presentation,
): Promise<Proof | undefined> {
  await throttle.take('code_network', networkOf(origin.ipAddress), nowMs)
  if (email === undefined) return undefined
  // Returning commits: a wrong code stays counted.
  return transaction(async ({ proofs }) => {
    const tried = await proofs.takeCodeTry(kinds, email, nowMs)
    const found = tried.find(proof => secrets.isCodeOf(proof, digitsOf(code)))
    if (found !== undefined) await proofs.refundCodeTry(tried.map(({ id }) => id))
    return found
  })
}
