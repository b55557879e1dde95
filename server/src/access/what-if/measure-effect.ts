import { setImmediate } from 'node:timers/promises'
import { Rejection, Semaphore, type UserId } from '../../kernel/index.ts'
import type { Comparison, Shift } from './compare-models.ts'
import { Pace, unitsOfWords } from './pace.ts'
import { countBits } from './pair-space.ts'
import type { ReadModel } from './read-model.ts'
import type { Holding, HoldingsQuery, WhatIfStore } from './what-if-store.sql.ts'

interface Affected {
  readonly userId: UserId
  readonly shift: Shift
}

/** The effect of changes: exact counts over all users, and the first affected users by id. */
export interface Effect {
  readonly users: number
  readonly gains: number
  readonly losses: number
  readonly first: readonly Affected[]
}

export interface MeasureDeps {
  readonly store: WhatIfStore
  /** Rows that one statement looks at: assignments, grants or permissions. */
  readonly rowsPerStep: number
  /** Of one preview, or of one explanation. */
  readonly newPace: () => Pace
  /** Limits how many walks over all users run at once: many together would delay all other requests. */
  readonly semaphore: WalkSemaphore
}

/** One step takes some milliseconds of SQLite, during which no other request is answered. */
const rowsPerStep = 2_000

/** Walks that may wait for one that is under way. */
const maxWaitingWalks = 10

export const createMeasureDeps = (store: WhatIfStore): MeasureDeps => ({
  store,
  rowsPerStep,
  newPace: () => new Pace(),
  semaphore: createWalkSemaphore(maxWaitingWalks),
})

const maxUsersListed = 1_000

/**
 * Combinations of roles whose difference is remembered while users are counted. There may be as many combinations as
 * users: those beyond it are worked out again.
 */
const maxKinds = 10_000

/**
 * INVARIANT: what this holds in memory does not grow with the number of users. It is what the roles reach (bounded in
 * `createBaseline`), the users whom the changes name, one step of assignments, two numbers for each of `maxKinds`
 * combinations of roles, and `limit` users of the answer. Time grows with the number of users who have a touched role:
 * the database groups each step by combinations of roles, and the event loop turns between steps.
 */
export async function measureEffect(
  { store, rowsPerStep, semaphore }: Omit<MeasureDeps, 'newPace'>,
  model: Pick<ReadModel, 'idOf' | 'nameOf'>,
  { comparison, limit }: { readonly comparison: Comparison; readonly limit: number },
  pace: Pace,
): Promise<Effect> {
  const named = [...comparison.users.keys()]
  const tally = { users: 0, gains: 0, losses: 0 }
  const listed: Affected[] = []
  const count = ({ gains, losses }: Weight, users: number) => {
    if (gains + losses === 0) return false
    tally.users += users
    tally.gains += gains * users
    tally.losses += losses * users
    return true
  }

  for (const [userId, shift] of comparison.users) {
    if (count(weigh(shift), 1)) listed.push({ userId, shift })
  }
  const ofSuperuser = weigh(comparison.superusers)
  if (ofSuperuser.losses > 0) {
    count(ofSuperuser, await store.countActiveSuperusers(named))
    const first = await store.listActiveSuperusers(named, limit)
    listed.push(...first.map(userId => ({ userId, shift: comparison.superusers })))
  }

  const rolesIn = ({ roles }: Holding) => roles.flatMap(id => model.nameOf.get(id) ?? [])
  const weighKind = rememberWeights(comparison)
  const query = { ...rolesAskedFor(comparison, model), except: named }
  let found = 0
  const walk = async (steps: AsyncIterable<Among> | Iterable<Among>) => {
    for await (const among of steps) {
      for (const holding of await store.readHoldings({ ...query, among, eachUser: found < limit })) {
        const roles = rolesIn(holding)
        const isAffected = count(weighKind(roles), holding.users)
        await pace.did(1 + unitsOfWords(comparison.space.none.length, 2 * roles.length + 8))
        if (!isAffected || holding.userId === undefined || found === limit) continue
        found += 1
        listed.push({ userId: holding.userId, shift: comparison.ofRoles(rolesIn(holding)) })
      }
      await setImmediate()
    }
  }
  const holders = query.touched.length === 0 ? [] : await store.findHolders(query.touched, rowsPerStep)
  if (holders === undefined) await semaphore.run(() => walk(rangesOf(store, rowsPerStep)))
  else await walk(slicesOf(holders))
  return { ...tally, first: listed.sort((a, b) => a.userId - b.userId).slice(0, limit) }
}

type Among = HoldingsQuery['among']

const rolesAskedFor = ({ touched, relevant }: Comparison, { idOf }: Pick<ReadModel, 'idOf'>) => ({
  touched: touched.map(role => idOf.get(role)!),
  relevant: relevant.map(role => idOf.get(role)!),
})

interface Weight {
  readonly gains: number
  readonly losses: number
}

const weigh = ({ gains, losses }: Shift): Weight => ({ gains: countBits(gains), losses: countBits(losses) })

function rememberWeights(comparison: Comparison): (roles: readonly string[]) => Weight {
  const known = new Map<string, Weight>()
  return roles => {
    const key = roles.join()
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    if (known.size >= maxKinds) known.clear()
    const weight = weigh(comparison.ofRoles(roles))
    known.set(key, weight)
    return weight
  }
}

/** The few who are known, some at a time: a statement takes no more values than these. */
function* slicesOf(users: readonly UserId[]): Generator<Among> {
  for (let from = 0; from < users.length; from += maxUsersListed) {
    yield users.slice(from, from + maxUsersListed)
  }
}

/** All users with any role, so many assignments at a time. */
async function* rangesOf(store: WhatIfStore, rowsPerStep: number): AsyncGenerator<Among> {
  let after = 0
  for (;;) {
    const upTo = await store.findStepEnd(after, rowsPerStep)
    yield { after, upTo }
    if (upTo === undefined) return
    after = upTo
  }
}

/** Lets long work through one after the other, in the order in which it came. */
type WalkSemaphore = Pick<Semaphore, 'run'>

/** When to come back: what a walk over a million users may take. */
const retryAfterSeconds = 10

/** Refuses with `too_many_requests` at once when too many are waiting. */
export const createWalkSemaphore = (maxWaiting: number): WalkSemaphore =>
  new Semaphore({
    permits: 1,
    maxWaiting,
    full: () => new Rejection('too_many_requests', { retryAfterSeconds }),
  })

/** What a preview or an explanation with alternatives costs of the rate limit of access checks: it may read all users. */
const leastCost = 200

/** So many are read and compared in the time of one unit. */
const rolePermissionsPerUnit = 50

/** More are not counted: that takes some milliseconds of SQLite. */
const mostCounted = 500_000

/** The cost by the size of the model that has to be read: every grant of every role. */
export const modelCost = async (store: Pick<WhatIfStore, 'countRolePermissions'>): Promise<number> =>
  leastCost + Math.ceil((await store.countRolePermissions(mostCounted)) / rolePermissionsPerUnit)
