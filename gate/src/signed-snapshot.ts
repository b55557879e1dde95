import { FeedBroken, wrongIssuer } from './feed-faults.ts'
import type { Snapshot } from './gate-state.ts'
import { type KeySetKey, verifyJws } from './web-signatures.ts'

/** So that no token is taken for a snapshot (RFC 8725 section 3.11). */
const snapshotType = 'propusk-snapshot+jwt'

/** What a server signs: the state of its gate, and what tokens of it look like. */
export interface SnapshotClaims extends Snapshot {
  readonly iss: string
  /** When it was signed, in seconds since 1970 by the server's clock. */
  readonly iat: number
  readonly audience: string
  readonly max_token_life_seconds: number
  /** One uninterrupted history of the server's database; `order` only grows in it. */
  readonly epoch: string
  readonly order: number
}

/** Throws `FeedBroken` unless a key of the issuer signed it, and `FeedRejected` where it is of another issuer. */
export async function readSnapshot(
  jws: string,
  issuer: string,
  findKey: (kid: string) => Promise<KeySetKey | undefined>,
): Promise<SnapshotClaims> {
  const claims = await verifyJws(jws, snapshotType, findKey)
  if (claims === undefined) throw new FeedBroken('the snapshot is not signed by a key of the issuer')
  const snapshot = claims as unknown as SnapshotClaims
  if (withoutSlash(snapshot.iss) !== issuer) throw wrongIssuer(issuer, snapshot.iss)
  return snapshot
}

export const withoutSlash = (address: string): string => address.replace(/\/$/, '')
