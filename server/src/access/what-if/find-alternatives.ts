import { setImmediate } from 'node:timers/promises'
import { decides } from './access-model.ts'
import { applyChanges } from './apply-changes.ts'
import { type Asked, type ChangeSet, setsThatAllow, setsThatRefuse } from './candidate-changes.ts'
import { type Comparison, compareModels } from './compare-models.ts'
import { type Effect, type MeasureDeps, measureEffect } from './measure-effect.ts'
import type { Pace } from './pace.ts'
import { type ReadModel, readModel } from './read-model.ts'

/** Changes that would turn a decision round. */
export interface Alternative {
  readonly changes: ChangeSet
  /** Users whose permissions would change, the one who was asked about among them. */
  readonly affects: number
}

const maxAlternatives = 10

/** Holders of a role that are counted, to look first at roles that few have. */
const maxCountedHolders = 1_000

/**
 * The smallest sets of changes that would turn this decision round, the smallest first; of the same size, those that
 * change least for others, and then for the user. Each has been carried out in a copy of the model, and what the copy
 * decides has been looked at. None where the resource or the action does not exist: nothing is made.
 */
export async function findAlternatives(
  deps: MeasureDeps,
  asked: Asked,
  allowed: boolean,
): Promise<readonly Alternative[]> {
  const { userId, resource, action } = asked
  const pace = deps.newPace()
  const read = await readModel(deps, [userId], pace)
  const { model } = read
  if (!model.resources.has(resource) || !model.actions.has(action)) return []

  const holders = await countHolders(deps, read, asked)
  const candidates = allowed ? setsThatRefuse(model, asked, holders) : setsThatAllow(model, asked, holders)
  const own: Measured[] = []
  const shared: Proven[] = []
  for (const changes of candidates) {
    const proven = await prove(read, asked, changes, allowed, pace)
    if (proven === undefined) continue
    if (proven.comparison.touched.length > 0) shared.push(proven)
    else own.push(await measure(deps, read, proven, pace))
    await setImmediate()
  }
  // A set that changes no role concerns only this user. No set of its size is better, so no more of the other sets are
  // measured than there is room for: each measurement may read all users.
  const found = own.sort(byEffect).slice(0, maxAlternatives)
  for (const proven of shared.slice(0, maxAlternatives - found.length)) {
    found.push(await measure(deps, read, proven, pace))
  }
  return found.sort(byEffect).map(({ changes, users }) => ({ changes, affects: users }))
}

interface Proven {
  readonly changes: ChangeSet
  readonly comparison: Comparison
}

type Measured = Proven & Pick<Effect, 'users' | 'gains' | 'losses'>

/**
 * Applies the changes to a copy; undefined when the server would refuse them to every caller, or when the copy decides
 * as before.
 */
async function prove(
  read: ReadModel,
  { userId, resource, action }: Asked,
  changes: ChangeSet,
  allowed: boolean,
  pace: Pace,
): Promise<Proven | undefined> {
  const { model: after, faults } = await applyChanges(read.model, changes, pace)
  if (changes.length === 0 || faults.length > 0) return undefined
  if (decides(after, userId, resource, action) === allowed) return undefined
  return { changes, comparison: await compareModels(read, after, pace) }
}

const measure = async (
  deps: MeasureDeps,
  read: ReadModel,
  proven: Proven,
  pace: Pace,
): Promise<Measured> => ({
  ...proven,
  ...(await measureEffect(deps, read, proven.comparison, 0, pace)),
})

const byEffect = (a: Measured, b: Measured): number =>
  a.changes.length - b.changes.length || a.users - b.users || a.gains + a.losses - (b.gains + b.losses)

async function countHolders(
  { store }: MeasureDeps,
  { model, idOf }: ReadModel,
  { userId }: Asked,
): Promise<(role: string) => number> {
  const counts = new Map<string, number>()
  for (const role of model.users.get(userId)!.roles) {
    const id = idOf.get(role)
    const known = id === undefined ? [] : await store.findHolders([id], maxCountedHolders)
    counts.set(role, known?.length ?? Number.POSITIVE_INFINITY)
  }
  return role => counts.get(role)!
}
