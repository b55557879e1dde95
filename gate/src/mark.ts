/**
 * The latest change heard about one subject. A mark outlives every row of its subject that was heard, so no row that is
 * read again can undo a newer one.
 */
export interface Mark {
  readonly id: number
  readonly expiresAtMs: number
}

/** The mark after one more row was heard. */
export const latestMark = (known: Mark | undefined, { id, expiresAtMs }: Mark): Mark =>
  known === undefined
    ? { id, expiresAtMs }
    : { id: Math.max(known.id, id), expiresAtMs: Math.max(known.expiresAtMs, expiresAtMs) }

/** Drops what is no longer needed at `nowMs`. */
export function forgetMarks(marks: Map<unknown, { readonly mark: Mark }>, nowMs: number): void {
  for (const [subject, { mark }] of marks) if (mark.expiresAtMs <= nowMs) marks.delete(subject)
}
