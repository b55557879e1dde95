/**
 * The latest change received about one subject. It is kept for as long as any row of the subject that was received, so
 * no row that is read again can undo a newer one.
 */
export interface LatestChange {
  readonly id: number
  readonly expiresAtMs: number
}

/** The latest change after one more row was received. */
export const latestOf = (known: LatestChange | undefined, { id, expiresAtMs }: LatestChange): LatestChange =>
  known === undefined
    ? { id, expiresAtMs }
    : { id: Math.max(known.id, id), expiresAtMs: Math.max(known.expiresAtMs, expiresAtMs) }

/** Drops what is no longer needed at `nowMs`. */
export function forgetExpiredChanges(
  changes: Map<unknown, { readonly latest: LatestChange }>,
  nowMs: number,
): void {
  for (const [subject, { latest }] of changes) if (latest.expiresAtMs <= nowMs) changes.delete(subject)
}
