import { type FieldErrors, Rejection, type UserId } from '../../kernel/index.ts'
import { type AccessChange, usersNamed } from './access-model.ts'
import { applyChanges, type RejectedChange } from './apply-changes.ts'
import { compareModels } from './compare-models.ts'
import { type MeasureDeps, measureEffect } from './measure-effect.ts'
import { readModel } from './read-model.ts'
import type { Person } from './what-if-store.sql.ts'

export interface AffectedPerson {
  readonly person: Person
  /** `resource:action` each, sorted. */
  readonly gains: readonly string[]
  readonly losses: readonly string[]
}

export interface Preview {
  readonly users: number
  readonly gains: number
  readonly losses: number
  /** The first by id. */
  readonly results: readonly AffectedPerson[]
  readonly isTruncated: boolean
}

/** Permissions that one answer lists, some 3 MB: the first user is listed whole, whatever they gain. */
const maxListedPermissions = 100_000

/** Messages of an answer. More are of no use to a reader, and the answer stays small. */
const maxFaults = 50

/**
 * What these changes, made one after the other, would change in the access of all users. Nothing is written. Refuses
 * with `invalid_request` changes that the server refuses to every caller, each in its field, such as `changes.3.role`.
 */
export async function previewChanges(
  deps: MeasureDeps,
  changes: readonly AccessChange[],
  limit: number,
): Promise<Preview> {
  const pace = deps.newPace()
  const model = await readModel(deps, usersNamed(changes), pace)
  const { model: after, faults } = await applyChanges(model.model, changes, pace)
  if (faults.length > 0) throw new Rejection('invalid_request', { errors: toFieldErrors(faults) })

  const comparison = await compareModels(model, after, pace)
  const { first, ...counts } = await measureEffect(deps, model, { comparison, limit }, pace)
  const people = await deps.store.readPeople(first.map(({ userId }) => userId))
  const results: AffectedPerson[] = []
  let permissions = 0
  for (const { userId, shift } of first) {
    const gains = await comparison.space.names(shift.gains, pace)
    const losses = await comparison.space.names(shift.losses, pace)
    permissions += gains.length + losses.length
    if (results.length > 0 && permissions > maxListedPermissions) break
    results.push({ person: personOf(people, userId), gains, losses })
  }
  return { ...counts, results, isTruncated: results.length < counts.users }
}

export const toFieldErrors = (faults: readonly RejectedChange[]): FieldErrors =>
  Object.fromEntries(
    faults.slice(0, maxFaults).map(({ index, field, message }) => [`changes.${index}.${field}`, [message]]),
  )

function personOf(people: ReadonlyMap<UserId, Person>, userId: UserId): Person {
  const person = people.get(userId)
  if (person === undefined) throw new Error(`There is no user ${userId}, though a role is assigned to them.`)
  return person
}
