import type { AccessEffect, AffectedUser } from '@propusk/client'

export interface EffectGroup {
  readonly people: readonly AffectedUser[]
  readonly gains: readonly string[]
  readonly losses: readonly string[]
}

/** People to whom the same happens, together; the largest group first. */
export function effectGroups(effects: readonly AccessEffect[]): readonly EffectGroup[] {
  const groups = Map.groupBy(effects, ({ gains, losses }) => `${gains.join()}|${losses.join()}`)
  return [...groups.values()]
    .map(same => ({ people: same.map(({ user }) => user), gains: same[0]!.gains, losses: same[0]!.losses }))
    .sort((a, b) => b.people.length - a.people.length)
}
