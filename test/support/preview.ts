/** A change as `/access/preview/` takes it. */
export interface Change {
  readonly kind: string
  readonly role?: string
  readonly permission?: string
  readonly user_id?: number
  readonly resource?: string
  readonly action?: string
}

/** By id of a person: the permissions that they hold or may use. */
type AllowedTo = ReadonlyMap<number, ReadonlySet<string>>

/** What a preview must say, from what each person could do before and after. */
export function previewOf(before: AllowedTo, after: AllowedTo, limit: number) {
  const affected = [...before.keys()]
    .sort((a, b) => a - b)
    .map(id => ({
      id,
      gains: [...after.get(id)!.difference(before.get(id)!)].sort(),
      losses: [...before.get(id)!.difference(after.get(id)!)].sort(),
    }))
    .filter(({ gains, losses }) => gains.length + losses.length > 0)
  return {
    users: affected.length,
    gains: affected.reduce((sum, { gains }) => sum + gains.length, 0),
    losses: affected.reduce((sum, { losses }) => sum + losses.length, 0),
    results: affected.slice(0, limit),
    truncated: affected.length > limit,
  }
}
