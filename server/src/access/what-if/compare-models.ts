import { message, Rejection, type UserId } from '../../kernel/index.ts'
import type { AccessModel, ModelUser } from './access-model.ts'
import { type Pace, unitsOfWords } from './pace.ts'
import { addAll, type Bits, emptyBits, isSame, overlaps, PairSpace, withoutBits } from './pair-space.ts'

/** What a user gains and loses, as numbers of a pair space. */
export interface Shift {
  readonly gains: Bits
  readonly losses: Bits
}

/** What every change of a model is compared with. */
export interface Baseline {
  readonly model: AccessModel
  readonly space: PairSpace
  /** What each role reaches. */
  readonly reachOf: ReadonlyMap<string, Bits>
}

/**
 * Roles times pairs that a comparison takes on: 25 MB for each side. A thousand roles may stand beside two hundred
 * thousand pairs, two thousand resources with a hundred actions.
 */
const maxReach = 200_000_000

/** Refuses with `conflict` a model that is too large to be compared within the memory bound (`maxReach`). */
export async function createBaseline(model: AccessModel, pace: Pace): Promise<Baseline> {
  if (model.roles.size * model.resources.size * model.actions.size > maxReach) {
    throw new Rejection('conflict', { detail: message('access.too_large_to_preview') })
  }
  const space = new PairSpace(model)
  const reachOf = new Map<string, Bits>()
  for (const [role, permissions] of model.roles)
    reachOf.set(role, await space.reach(model, permissions, pace))
  return { model, space, reachOf }
}

export type Comparison = Awaited<ReturnType<typeof compareModels>>

/** The whole difference between two models, computed without reading users who are not named in them. */
export async function compareModels(baseline: Baseline, after: AccessModel, pace: Pace) {
  const { model: before, space, reachOf } = baseline
  const words = space.none.length
  const reachAfter = await reachesAfter(baseline, after, pace)
  const touched: string[] = []
  for (const [role, reach] of reachOf) {
    if (!isSame(reach, reachAfter.get(role)!)) touched.push(role)
    await pace.did(unitsOfWords(words, 1))
  }
  const relevant = touched.length === 0 ? [] : await rolesThatReach(baseline, reachAfter, touched, pace)
  const everythingBefore = space.everything(before)
  const everythingAfter = space.everything(after)
  const reachOfUser = (user: ModelUser, reach: ReadonlyMap<string, Bits>, everything: Bits) => {
    if (!user.isActive) return space.none
    return user.isSuperuser ? everything : union(space, user.roles, reach)
  }
  const users = new Map<UserId, Shift>()
  for (const [userId, user] of before.users) {
    const now = after.users.get(userId)!
    const shift = shiftBetween(
      reachOfUser(user, reachOf, everythingBefore),
      reachOfUser(now, reachAfter, everythingAfter),
    )
    users.set(userId, shift)
    await pace.did(unitsOfWords(words, user.roles.size + now.roles.size + 4))
  }
  return {
    space,
    users,
    /** What changes for each active superuser who is not named. */
    superusers: shiftBetween(everythingBefore, everythingAfter),
    /** Roles that reach something else than before, or are gone. A user with none of them is not affected. */
    touched,
    /** These, and the roles that reach any of what changes: no other matters to who gains or loses it. */
    relevant,
    /** What changes for an active user who is not named, and no superuser, with these of the relevant roles. */
    ofRoles: (roles: readonly string[]): Shift =>
      shiftBetween(union(space, roles, reachOf), union(space, roles, reachAfter)),
  }
}

/** Every role that reaches any of what the touched ones gain or lose. */
async function rolesThatReach(
  { space, reachOf }: Baseline,
  reachAfter: ReadonlyMap<string, Bits>,
  touched: readonly string[],
  pace: Pace,
): Promise<readonly string[]> {
  const moved = emptyBits(space.size)
  for (const role of touched) {
    const shift = shiftBetween(reachOf.get(role)!, reachAfter.get(role)!)
    addAll(moved, shift.gains)
    addAll(moved, shift.losses)
    await pace.did(unitsOfWords(moved.length, 4))
  }
  const relevant: string[] = []
  for (const [role, reach] of reachOf) {
    if (overlaps(reach, moved) || overlaps(reachAfter.get(role)!, moved)) relevant.push(role)
    await pace.did(unitsOfWords(moved.length, 2))
  }
  return relevant
}

/** A role whose permissions are the very same set reaches the same, unless an action has gone that `all` reached. */
async function reachesAfter({ model: before, space, reachOf }: Baseline, after: AccessModel, pace: Pace) {
  const sameActions = before.actions.size === after.actions.size
  const reaches = new Map<string, Bits>()
  for (const [role, reach] of reachOf) {
    const permissions = after.roles.get(role)
    const isUnchanged = sameActions && permissions === before.roles.get(role)
    if (permissions === undefined) reaches.set(role, space.none)
    else reaches.set(role, isUnchanged ? reach : await space.reach(after, permissions, pace))
  }
  return reaches
}

const shiftBetween = (before: Bits, after: Bits): Shift => ({
  gains: withoutBits(after, before),
  losses: withoutBits(before, after),
})

function union(space: PairSpace, roles: Iterable<string>, reach: ReadonlyMap<string, Bits>): Bits {
  const bits = emptyBits(space.size)
  for (const role of roles) {
    const reached = reach.get(role)
    if (reached !== undefined) addAll(bits, reached)
  }
  return bits
}
